import {
  type AnnotationFormat,
  annotationFormats,
  type FlagOf,
  firstOf,
  matchImages,
  type PredictionFormat,
  type Predictions,
  predictionFormats,
  recogniseSide,
  type Side,
  sizesOfAnnotations,
  sizesOfSettings,
  type WrittenSet,
  writeAnnotations,
  writePredictions,
} from '@retinabench/annotations';
import { DatasetError, ProtocolError } from '@retinabench/core';
import {
  type AnyAnnotations,
  type AnyPredictions,
  isOfficial,
  loadAnyAnnotations,
  loadAnyPredictions,
} from '../annotated/load-any.js';
import { readRun } from '../annotated/read-run.js';
import { readingSettings } from '../annotated/reading-flags.js';

/** What a conversion is asked for. */
export interface ConversionFlags {
  readonly to: AnnotationFormat | PredictionFormat;
  readonly kind?: Side;
  readonly gt?: string;
}

/** What was read, and what it becomes. */
export interface Conversion {
  readonly side: Side;
  readonly read: AnyAnnotations | AnyPredictions;
  readonly images: number;
  readonly rows: number;
  readonly written: WrittenSet;
}

/** Told how much of how many bytes, or files, was read. */
export type OnRead = (done: number, total: number) => void;

/**
 * Read annotations or predictions and find out what they become; nothing is written yet.
 *
 * @param given all flags, for the settings of reading.
 * @throws {DatasetError} if they cannot be read, or not be written in the form.
 * @throws {ProtocolError} if the form is one of the other kind.
 */
export function convert(
  location: string,
  flags: ConversionFlags,
  given: Readonly<Record<string, unknown>>,
  onRead: OnRead,
): Conversion {
  const { to } = flags;
  const side = sideOf(location, flags, given.from);
  const isAnnotationForm = (form: AnnotationFormat | PredictionFormat): form is AnnotationFormat =>
    annotationFormats.some((name) => name === form);
  const isPredictionForm = (form: AnnotationFormat | PredictionFormat): form is PredictionFormat =>
    predictionFormats.some((name) => name === form);
  if (side === 'annotations' && isAnnotationForm(to)) return convertAnnotations(location, to, given, onRead);
  if (side === 'predictions' && isPredictionForm(to)) return convertPredictions(location, to, flags.gt, given, onRead);
  const forms = side === 'annotations' ? annotationFormats : predictionFormats;
  throw new ProtocolError(
    `--to ${to}: expected a form of ${side}, which ${location} holds: ${forms.join(', ')}; choose one, or say with --kind what it holds`,
  );
}

/** Whether annotations or predictions are read: as told, or as the forms or the content say. */
function sideOf(location: string, { kind, to }: ConversionFlags, from: unknown): Side {
  const told = kind ?? sideOfForm(from);
  if (told !== undefined) return told;
  if (from === undefined && isOfficial(location)) return 'annotations';
  if (from === undefined && readRun(location) !== undefined) return 'predictions';
  const found = recogniseSide(location) ?? sideOfForm(to);
  if (found !== undefined) return found;
  throw new DatasetError(
    `${location}: expected annotations or predictions in a known form, got something that is not clearly one of them; say which with --kind annotations or --kind predictions, and its form with --from`,
  );
}

/** The side of a form that is one of annotations alone, or of predictions alone. */
function sideOfForm(form: unknown): Side | undefined {
  const isAnnotated = annotationFormats.some((name) => name === form);
  const isPredicted = predictionFormats.some((name) => name === form);
  if (isAnnotated === isPredicted) return undefined;
  return isAnnotated ? 'annotations' : 'predictions';
}

/** Flags of the one input have no prefix. */
const flagOf: FlagOf = (setting) =>
  setting === 'format' ? '--from' : setting === 'negativeSizes' ? '--negative-sizes' : `--${setting}`;

function convertAnnotations(
  location: string,
  to: AnnotationFormat,
  given: Readonly<Record<string, unknown>>,
  onRead: OnRead,
): Conversion {
  const settings = readingSettings<AnnotationFormat>(given, 'in');
  const read = loadAnyAnnotations(location, { ...settings, flag: flagOf, onRead });
  const { annotations } = read;
  const written = writeAnnotations(annotations, to, firstOf(sizesOfSettings(settings)));
  return {
    side: 'annotations',
    read,
    images: annotations.images.length,
    rows: annotations.boxesXywh.length / 4,
    written,
  };
}

function convertPredictions(
  location: string,
  to: PredictionFormat,
  gt: string | undefined,
  given: Readonly<Record<string, unknown>>,
  onRead: OnRead,
): Conversion {
  const settings = readingSettings<PredictionFormat>(given, 'in');
  const truth = gt === undefined ? undefined : loadAnyAnnotations(gt, readingSettings<AnnotationFormat>(given, 'gt'));
  const read = loadAnyPredictions(location, { ...settings, annotations: truth, flag: flagOf, onRead });
  const { predictions } = read;
  const { named, idOf } = withNames(predictions, truth, to);
  const sizes = firstOf([
    ...sizesOfSettings(settings),
    ...(truth === undefined ? [] : [sizesOfAnnotations(truth.annotations)]),
  ]);
  const written = writePredictions(named, to, { sizes, ...(idOf === undefined ? {} : { idOf }) });
  return {
    side: 'predictions',
    read,
    images: named.images.length,
    rows: named.scores.length,
    written,
  };
}

/** Predictions with the names of the annotated images, and the ids of those, where there are annotations. */
function withNames(
  predictions: Predictions,
  truth: AnyAnnotations | undefined,
  to: PredictionFormat,
): { named: Predictions; idOf?: (image: string) => number | string } {
  if (truth === undefined) {
    if (predictions.namedBy !== 'id' || to === 'coco-results') return { named: predictions };
    throw new DatasetError(
      `expected names of images, got ids such as ${predictions.images.slice(0, 3).join(', ')}; pass the annotations that have these ids with --gt PATH`,
    );
  }
  const { images, ids } = truth.annotations;
  const { predictionOf, unknown } = matchImages(truth.annotations, predictions);
  if (predictions.namedBy === 'id' && unknown.length > 0) {
    throw new DatasetError(
      `expected ids of annotated images, got ${unknown.length} others such as ${unknown.slice(0, 3).join(', ')}; choose the annotations that they belong to with --gt PATH`,
    );
  }
  const names = [...predictions.images];
  images.forEach((name, image) => {
    if (predictionOf[image] >= 0) names[predictionOf[image]] = name;
  });
  const { namedBy: _, ...columns } = predictions;
  const places = new Map(images.map((name, image) => [name, image]));
  const idOf = (name: string): number | string => ids?.[places.get(name) ?? -1] ?? name;
  return { named: { ...columns, images: names }, ...(ids === undefined ? {} : { idOf }) };
}
