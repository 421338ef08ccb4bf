import { readCocoAnnotations } from '../coco/read-annotations.js';
import { readCsvAnnotations } from '../csv/read-annotations.js';
import { readFacesJson } from '../faces-json/read-annotations.js';
import { readLabelText } from '../label-text/read-annotations.js';
import type { Category } from '../reading/choose-category.js';
import { firstOf, sizesOfSettings } from '../reading/image-sizes.js';
import {
  type AnnotationFormat,
  annotationFormats,
  type FlagOf,
  flagsWith,
  type ReadingContext,
  type ReadingSettings,
} from '../reading/reading.js';
import { type Recognised, recorder } from '../reading/recorder.js';
import { requirePixels } from '../reading/relative-boxes.js';
import { requireUsed } from '../reading/require-used.js';
import { chooseCandidate, type Found } from '../recognise/choose-candidate.js';
import type { Annotations } from '../set/annotations.js';
import { withSource } from '../source/with-source.js';
import { readVocAnnotations } from '../voc/read-annotations.js';
import { readWiderText } from '../wider/read-annotations.js';
import { readYoloAnnotations } from '../yolo/read-annotations.js';

/** How annotations are loaded. */
export interface LoadAnnotationsOptions extends ReadingSettings {
  /** Their form; absent: recognised. */
  readonly format?: AnnotationFormat | undefined;
  /** Names of flags, for messages; default: each begins with `--gt-`. */
  readonly flag?: FlagOf;
  readonly onRead?: (doneBytes: number, totalBytes: number) => void;
}

/** Annotations with how they were read. */
export interface LoadedAnnotations extends Recognised<AnnotationFormat> {
  readonly annotations: Annotations;
  /** The class of the faces, where the form has classes. */
  readonly category?: Category;
}

/** What each form is found as. */
const kindsOf: Readonly<Record<AnnotationFormat, readonly Found['kind'][]>> = {
  coco: ['coco'],
  csv: ['csv'],
  voc: ['voc'],
  yolo: ['yolo-labels', 'data-yaml', 'number-files', 'yolo-predictions'],
  wider: ['wider'],
  'label-text': ['label-text'],
  'faces-json': ['faces-json'],
};

/** Kinds that are annotations if nothing else is said. */
const recognisedKinds: readonly Found['kind'][] = [
  'coco',
  'csv',
  'voc',
  'yolo-labels',
  'data-yaml',
  'wider',
  'label-text',
  'faces-json',
];

/**
 * Load annotations of any form: a file, or a folder of files.
 *
 * @throws {EnvironmentError} if there is nothing of that name, or it cannot be read.
 * @throws {DatasetError} if its form is not clear, a file is malformed, or something is missing that only the user knows; the
 * message names the flag.
 */
export function loadAnnotations(location: string, options: LoadAnnotationsOptions = {}): LoadedAnnotations {
  const { format: asked, flag = flagsWith('--gt-'), onRead, ...given } = options;
  const { context, settings, notes } = recorder(given, flag, onRead);
  const found = chooseCandidate(location, {
    what: 'annotations',
    formats: annotationFormats,
    kinds: recognisedKinds,
    columnsNamed: given.columns !== undefined,
    ...(asked === undefined ? {} : { asked: kindsOf[asked] }),
    flag,
  });
  const format = asked ?? annotationFormats.find((name) => kindsOf[name].includes(found.kind)) ?? 'coco';
  requireUsed(format, found.location, context);
  const read = readFormat(format, found, context);
  // CSV has asked already, and YOLO is in parts of the image.
  if (format !== 'csv' && format !== 'yolo') requirePixels(read.annotations.boxesXywh, found.location, context);
  return { ...read, format, location: found.location, settings, notes };
}

function readFormat(
  format: AnnotationFormat,
  { location, delimiter }: Found,
  context: ReadingContext,
): { readonly annotations: Annotations; readonly category?: Category } {
  switch (format) {
    case 'coco':
      return readCocoAnnotations(location, context);
    case 'csv':
      return readCsvAnnotations(location, delimiter ?? ',', firstOf(sizesOfSettings(context)), context);
    case 'voc':
      return readVocAnnotations(location, context);
    case 'yolo':
      return readYoloAnnotations(location, context);
    case 'wider':
      return { annotations: withSource(location, (source) => readWiderText(source, location, context)) };
    case 'label-text':
      return { annotations: withSource(location, (source) => readLabelText(source, location, context)) };
    case 'faces-json':
      return { annotations: readFacesJson(location, context) };
  }
}
