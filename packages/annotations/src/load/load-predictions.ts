import { existsSync } from 'node:fs';
import path from 'node:path';
import { readCocoResults } from '../coco/read-results.js';
import { readCsvPredictions } from '../csv/read-predictions.js';
import { readJsonLines } from '../json-lines/read-predictions.js';
import { firstOf, type ImageSizes, sizesFromCsv, sizesOfAnnotations, sizesOfSettings } from '../reading/image-sizes.js';
import {
  type FlagOf,
  flagsWith,
  type PredictionFormat,
  predictionFormats,
  type ReadingContext,
  type ReadingSettings,
} from '../reading/reading.js';
import { type Recognised, recorder } from '../reading/recorder.js';
import { requireUsed } from '../reading/require-used.js';
import { chooseCandidate, type Found } from '../recognise/choose-candidate.js';
import type { Predictions } from '../set/predictions.js';
import { isFolder } from '../source/list-files.js';
import { withSource } from '../source/with-source.js';
import { readVocDetections } from '../voc/read-detections.js';
import { readWiderList, readWiderPredictions } from '../wider/read-predictions.js';
import { readYoloPredictions } from '../yolo/read-predictions.js';
import type { LoadedAnnotations } from './load-annotations.js';

/** What predictions need of the annotations that they belong to, whatever the form of these. */
export type AnnotationsOfPredictions = Pick<LoadedAnnotations, 'annotations' | 'category'> & {
  readonly format: string;
};

/** How predictions are loaded. */
export interface LoadPredictionsOptions extends ReadingSettings {
  /** Their form; absent: recognised. */
  readonly format?: PredictionFormat | undefined;
  /** The annotations that they belong to: sizes of images and the class of faces come from them. */
  readonly annotations?: AnnotationsOfPredictions | undefined;
  /** Names of flags, for messages; default: each begins with `--pred-`. */
  readonly flag?: FlagOf;
  readonly onRead?: (doneBytes: number, totalBytes: number) => void;
}

/** Predictions with how they were read. */
export interface LoadedPredictions extends Recognised<PredictionFormat> {
  readonly predictions: Predictions;
}

/** What each form is found as. */
const kindsOf: Readonly<Record<PredictionFormat, readonly Found['kind'][]>> = {
  'coco-results': ['coco-results'],
  csv: ['csv'],
  'json-lines': ['json-lines'],
  yolo: ['yolo-predictions', 'number-files', 'yolo-labels'],
  wider: ['wider-files', 'wider', 'number-files'],
  'voc-detections': ['voc-detections'],
};

/** Kinds that are predictions if nothing else is said. */
const recognisedKinds: readonly Found['kind'][] = [
  'coco-results',
  'csv',
  'json-lines',
  'yolo-predictions',
  'wider-files',
  'wider',
  'voc-detections',
];

/**
 * Load predictions of any form: a file, or a folder of files.
 *
 * @throws {EnvironmentError} if there is nothing of that name, or it cannot be read.
 * @throws {DatasetError} if its form is not clear, a file is malformed, or something is missing that only the user knows; the
 * message names the flag.
 */
export function loadPredictions(location: string, options: LoadPredictionsOptions = {}): LoadedPredictions {
  const { format: asked, flag = flagsWith('--pred-'), annotations, onRead, ...given } = options;
  const { context, settings, notes } = recorder(given, flag, onRead);
  const found = chooseCandidate(location, {
    what: 'predictions',
    formats: predictionFormats,
    kinds: recognisedKinds,
    columnsNamed: given.columns !== undefined,
    ...(asked === undefined ? {} : { asked: kindsOf[asked] }),
    flag,
  });
  const format = asked ?? predictionFormats.find((name) => kindsOf[name].includes(found.kind)) ?? 'coco-results';
  requireUsed(format, found.location, context);
  const predictions = readFormat(format, found, annotations, context);
  return { predictions, format, location: found.location, settings, notes };
}

function readFormat(
  format: PredictionFormat,
  { location, delimiter }: Found,
  annotations: AnnotationsOfPredictions | undefined,
  context: ReadingContext,
): Predictions {
  const { format: annotated, category } = annotations ?? {};
  switch (format) {
    case 'coco-results':
      return readCocoResults(location, { ...context, categoryId: annotated === 'coco' ? category?.id : undefined });
    case 'csv':
      return readCsvPredictions(location, delimiter ?? ',', sizesFor(location, annotations, context), context);
    case 'json-lines':
      return readJsonLines(location, context);
    case 'yolo': {
      const classNumber = annotated === 'yolo' && typeof category?.id === 'number' ? category.id : undefined;
      return readYoloPredictions(location, sizesFor(location, annotations, context), { ...context, classNumber });
    }
    case 'wider':
      return isFolder(location)
        ? readWiderPredictions(location, context)
        : withSource(location, (source) => readWiderList(source, location, context));
    case 'voc-detections':
      return readVocDetections(location, context);
  }
}

/** Sizes by the settings, then by the annotations, then by a `sizes.csv` beside the predictions. */
function sizesFor(
  location: string,
  annotations: AnnotationsOfPredictions | undefined,
  context: ReadingContext,
): ImageSizes {
  const folders = isFolder(location) ? [location, path.dirname(path.resolve(location))] : [];
  const beside = folders.map((folder) => path.join(folder, 'sizes.csv')).find((file) => existsSync(file));
  return firstOf([
    ...sizesOfSettings(context),
    ...(annotations === undefined ? [] : [sizesOfAnnotations(annotations.annotations)]),
    ...(beside === undefined ? [] : [sizesFromCsv(beside)]),
  ]);
}
