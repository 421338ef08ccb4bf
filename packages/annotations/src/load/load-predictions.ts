import { statSync } from 'node:fs';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import { readCocoResults } from '../coco/read-results.js';
import { readCsvPredictions } from '../csv/read-predictions.js';
import type { Predictions } from '../set/predictions.js';
import { type ImageSizes, noSizes } from './image-sizes.js';
import type { LoadedAnnotations, Recognised } from './load-annotations.js';
import { type FlagOf, flagsWith, type PredictionFormat, type ReadingContext, type ReadingSettings } from './reading.js';
import { recogniseFile } from './recognise-file.js';

/** How predictions are loaded. */
export interface LoadPredictionsOptions extends ReadingSettings {
  /** Their form; absent: recognised. */
  readonly format?: PredictionFormat | undefined;
  /** The annotations that they belong to: sizes of images and the class of faces come from them. */
  readonly annotations?: LoadedAnnotations | undefined;
  /** Names of flags, for messages; default: each begins with `--pred-`. */
  readonly flag?: FlagOf;
  readonly onRead?: (doneBytes: number, totalBytes: number) => void;
}

/** Predictions with how they were read. */
export interface LoadedPredictions extends Recognised<PredictionFormat> {
  readonly predictions: Predictions;
}

/**
 * Load predictions of any form: a file, or a folder of files.
 *
 * @throws {EnvironmentError} if there is nothing of that name, or it cannot be read.
 * @throws {DatasetError} if its form is not clear, a file is malformed, or something is missing that only the user knows; the
 * message names the flag.
 */
export function loadPredictions(location: string, options: LoadPredictionsOptions = {}): LoadedPredictions {
  const { format: asked, flag = flagsWith('--pred-'), annotations, ...settings } = options;
  const told: Record<string, string> = {};
  const notes: string[] = [];
  const context: ReadingContext = {
    ...settings,
    flag,
    told: (name, value) => {
      told[name] = value;
    },
    note: (text) => {
      notes.push(text);
    },
  };
  if (statSync(location, { throwIfNoEntry: false }) === undefined) {
    throw new EnvironmentError(`${location}: expected predictions, got nothing of that name; is the path right?`);
  }
  const found = recogniseFile(location);
  const format = asked ?? (found.kind === 'csv' || found.kind === 'coco-results' ? found.kind : undefined);
  const sizes: ImageSizes = noSizes;
  switch (format) {
    case 'coco-results': {
      const predictions = readCocoResults(location, {
        ...context,
        categoryId: annotations?.format === 'coco' ? annotations.category?.id : undefined,
      });
      return { predictions, format, location, settings: told, notes };
    }
    case 'csv': {
      const delimiter = found.kind === 'csv' ? found.delimiter : ',';
      const predictions = readCsvPredictions(location, delimiter, sizes, context);
      return { predictions, format, location, settings: told, notes };
    }
    default:
      throw new DatasetError(
        `${location}: expected predictions in a known form, got ${found.kind}; say what it is with ${flag('format')} FORMAT`,
      );
  }
}
