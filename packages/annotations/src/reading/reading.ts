/** Forms of annotations that are read. */
export const annotationFormats = ['coco', 'csv', 'voc', 'yolo', 'wider', 'label-text', 'faces-json'] as const;

/** One of `annotationFormats`. */
export type AnnotationFormat = (typeof annotationFormats)[number];

/** Forms of predictions that are read. */
export const predictionFormats = ['coco-results', 'csv', 'json-lines', 'yolo', 'wider', 'voc-detections'] as const;

/** One of `predictionFormats`. */
export type PredictionFormat = (typeof predictionFormats)[number];

/** What the four numbers of a box are. */
export const boxForms = ['xywh', 'xyxy', 'cxcywh'] as const;

/** One of `boxForms`. */
export type BoxForm = (typeof boxForms)[number];

/** What the numbers of a box are counted in. */
export const boxUnits = ['pixels', 'relative'] as const;

/** One of `boxUnits`: pixels of the image, or parts of its width and height. */
export type BoxUnits = (typeof boxUnits)[number];

/**
 * How corners of boxes are counted. `one-based`: whole pixels, the first is 1, the last belongs to the box (the VOC devkit).
 * `zero-based`: the same from 0. `continuous`: places between pixels, from 0 to the width.
 */
export const cornerRules = ['one-based', 'zero-based', 'continuous'] as const;

/** One of `cornerRules`. */
export type CornerRule = (typeof cornerRules)[number];

/** What a reader is told where a file does not say it itself; every setting is the value of a flag. */
export interface ReadingSettings {
  /** The class that is a face, by its name or number, where there are several. */
  readonly category?: string | undefined;
  /** What the four numbers of a box are, where names of columns do not say. */
  readonly boxes?: BoxForm | undefined;
  readonly units?: BoxUnits | undefined;
  readonly corners?: CornerRule | undefined;
  /** Names of the columns of a CSV file without header, separated by commas. */
  readonly columns?: string | undefined;
  /** A CSV file with the sizes of images, for forms that lack them. */
  readonly sizes?: string | undefined;
  /** The folder of the images, for names and sizes. */
  readonly images?: string | undefined;
  /** `train`, `val`, `test`: the part of a data set that has several. */
  readonly split?: string | undefined;
  /** Points of a YOLO label with landmarks: `5x3`, five of x, y and visibility; `5x2` without. */
  readonly keypoints?: string | undefined;
  /** Where an XML file and the name in it disagree: which of the two names the image. */
  readonly names?: 'file' | 'content' | undefined;
  /** Boxes of negative width or height: refused unless told. */
  readonly negativeSizes?: 'refuse' | 'keep' | undefined;
}

/** Names of the settings, and `format`, as messages have them: by default `--gt-category` and so on. */
export type FlagOf = (setting: keyof ReadingSettings | 'format') => string;

const words: Readonly<Partial<Record<keyof ReadingSettings | 'format', string>>> = {
  negativeSizes: 'negative-sizes',
};

/** Flags of which each begins with `prefix`: `--gt-`, `--pred-`. */
export function flagsWith(prefix: string): FlagOf {
  return (setting) => `${prefix}${words[setting] ?? setting}`;
}

/** What a reader works with beside its file. */
export interface ReadingContext extends ReadingSettings {
  readonly flag: FlagOf;
  /** Said to the user: what was recognised or assumed, and what the file holds that is not used. */
  readonly note: (text: string) => void;
  /** Settings that a reader took from the file itself, by name: `boxes` is `xyxy`. */
  readonly told: (setting: string, value: string) => void;
  readonly onRead?: ((doneBytes: number, totalBytes: number) => void) | undefined;
}
