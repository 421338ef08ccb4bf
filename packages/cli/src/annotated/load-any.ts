import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import {
  type LoadAnnotationsOptions,
  type LoadedAnnotations,
  type LoadedPredictions,
  type LoadPredictionsOptions,
  loadAnnotations,
  loadPredictions,
} from '@retinabench/annotations';
import { loadGroundTruth } from '@retinabench/eval-wider';
import { annotationsOfWider } from './annotations-of-wider.js';
import { readRun } from './read-run.js';

/** Annotations with how they were read, WIDER FACE's official files among them. */
export type AnyAnnotations = Omit<LoadedAnnotations, 'format'> & {
  readonly format: LoadedAnnotations['format'] | 'wider-mat';
};

/** Predictions with how they were read, runs of this program among them. */
export type AnyPredictions = Omit<LoadedPredictions, 'format'> & {
  readonly format: LoadedPredictions['format'] | 'run';
};

/**
 * Load annotations of any form, WIDER FACE's four `.mat` files among them.
 *
 * @throws as `loadAnnotations` and `loadGroundTruth`.
 */
export function loadAnyAnnotations(location: string, options: LoadAnnotationsOptions = {}): AnyAnnotations {
  if (options.format !== undefined || !isOfficial(location)) return loadAnnotations(location, options);
  return {
    annotations: annotationsOfWider(loadGroundTruth(location)),
    format: 'wider-mat',
    location,
    settings: {},
    notes: [
      'faces that count in none of easy, medium and hard are ignored; the attribute splits says in which they count',
    ],
  };
}

/**
 * Load predictions of any form, run folders of this program among them.
 *
 * @throws as `loadPredictions` and `readRun`.
 */
export function loadAnyPredictions(location: string, options: LoadPredictionsOptions = {}): AnyPredictions {
  const run = options.format === undefined ? readRun(location) : undefined;
  if (run === undefined) return loadPredictions(location, options);
  return { predictions: run, format: 'run', location, settings: {}, notes: [] };
}

/** Whether a location is WIDER FACE's `.mat` files, or their folder. */
export function isOfficial(location: string): boolean {
  const isFolder = statSync(location, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? existsSync(path.join(location, 'wider_face_val.mat')) : location.endsWith('.mat');
}
