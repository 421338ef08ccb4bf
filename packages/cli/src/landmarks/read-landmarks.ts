import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import {
  type AnnotationFormat,
  flagsWith,
  loadAnnotations,
  loadPredictions,
  type PredictionFormat,
  type ReadingSettings,
} from '@retinabench/annotations';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import {
  type LandmarkFormat,
  type LandmarkSet,
  landmarkFormats,
  parseLandmarks,
  recogniseFormat,
  setOfAnnotations,
  setOfArray,
  setOfPredictions,
  withoutSentinels,
} from '@retinabench/eval-landmarks';
import { readNpyArray } from '@retinabench/files';
import { formatCount } from '@retinabench/results';
import { readTextFile } from '../terminal/read-text-file.js';

/** Where landmarks are read from, and what the user says of them. */
export interface LandmarkSource {
  readonly location: string;
  readonly side: 'gt' | 'pred';
  readonly format?: string | undefined;
  /** What the first pixel is counted as; default: 1 of `.pts`, else 0. */
  readonly firstPixel?: 0 | 1 | undefined;
  readonly settings?: ReadingSettings;
}

/** Landmarks, with how they were read. */
export interface ReadLandmarks {
  readonly set: LandmarkSet;
  readonly format: string;
  /** What was recognised or assumed. */
  readonly notes: readonly string[];
}

/**
 * Read landmarks of any format: text and arrays of landmarks, and annotations and predictions with points.
 *
 * @throws {EnvironmentError} if there is nothing of that name.
 * @throws {DatasetError} if the format is not clear, or the files are malformed.
 */
export async function readLandmarks(source: LandmarkSource): Promise<ReadLandmarks> {
  const { location, side, firstPixel } = source;
  const stats = statSync(location, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new EnvironmentError(`${location}: expected landmarks, got nothing of that name; is the path right?`);
  }
  const read = withNotGiven(stats.isDirectory() ? await readFolder(source) : await readFile(source), side);
  if (firstPixel !== 1 || read.format === 'pts') return read;
  const points = read.set.points.map((value) => value - 1);
  return {
    ...read,
    set: { ...read.set, points },
    notes: [...read.notes, `${side}: points are counted from 1: 1 is subtracted`],
  };
}

async function readFile(source: LandmarkSource): Promise<ReadLandmarks> {
  const { location, side, format } = source;
  const flag = `--${side}-format`;
  if (format === 'npy' || (format === undefined && /\.npy$/i.test(location))) return readArray(source);
  if (/\.(mat|h5|hdf5)$/i.test(location)) {
    throw new DatasetError(
      `${location}: MATLAB and HDF5 files of landmarks are not read; save the points as .npy of shape (faces, points, 2)`,
    );
  }
  if (format !== undefined && !isLandmarkFormat(format)) return readFaces(source);
  const isText = /\.(pts|txt|csv|lst|list)$/i.test(location) || format !== undefined;
  if (!isText) return readFaces(source);
  const text = await readTextFile(location, 'landmarks');
  const found = format === undefined ? recogniseFormat(text) : format;
  if (found === 'ambiguous') {
    throw new DatasetError(
      `${location}: lines of an image and 14 numbers may be cascade (a box, then x y of each point) or mtfl (all x, all y, four attributes); say which with ${flag}`,
    );
  }
  if (found === undefined) return readFaces(source);
  return parsed([{ name: path.basename(location), text }], found, source);
}

function isLandmarkFormat(format: string): format is LandmarkFormat {
  return landmarkFormats.some((known) => known === format);
}

function parsed(
  files: Parameters<typeof parseLandmarks>[0],
  format: LandmarkFormat,
  source: LandmarkSource,
): ReadLandmarks {
  const { location, side, firstPixel = 1 } = source;
  const set = parseLandmarks(files, format, location, firstPixel);
  const counted =
    format !== 'pts'
      ? []
      : [
          firstPixel === 1
            ? `${side}: .pts count points from 1, as 300-W does: 1 is subtracted (--${side}-first-pixel 0 keeps them)`
            : `${side}: .pts are read as counted from 0`,
        ];
  return { set, format, notes: [...recognised(source, format), ...counted] };
}

async function readFolder(source: LandmarkSource): Promise<ReadLandmarks> {
  const { location, format } = source;
  const names = readdirSync(location, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.pts$/i.test(name))
    .map((name) => name.replaceAll(path.sep, '/'))
    .sort();
  if (format !== 'pts' && (format !== undefined || names.length === 0)) return readFaces(source);
  const files = [];
  for (const name of names) files.push({ name, text: await readTextFile(path.join(location, name), 'landmarks') });
  return parsed(files, 'pts', source);
}

/** An array of points. */
async function readArray(source: LandmarkSource): Promise<ReadLandmarks> {
  const { location } = source;
  const set = setOfArray(await readNpyArray(location), location);
  return { set, format: 'npy', notes: recognised(source, 'npy') };
}

/** Points at (-1, -1), and all of a face at (0, 0), are not given. */
function withNotGiven(read: ReadLandmarks, side: LandmarkSource['side']): ReadLandmarks {
  const { set, points, faces } = withoutSentinels(read.set);
  if (points === 0) return read;
  const note = `${side}: ${formatCount(points)} points at -1 -1, or all of a face at 0 0, are taken as not given; ${formatCount(faces)} faces have none that is given`;
  return { ...read, set, notes: [...read.notes, note] };
}

/** Annotations or predictions of faces that have points beside their boxes. */
function readFaces(source: LandmarkSource): ReadLandmarks {
  const { location, side, format, settings } = source;
  const common = { ...settings, flag: flagsWith(`--${side}-`) };
  if (side === 'gt') {
    const loaded = loadAnnotations(location, { ...common, format: format as AnnotationFormat | undefined });
    const set = setOfAnnotations(loaded.annotations, location);
    return { set, format: loaded.format, notes: [...recognised(source, loaded.format), ...loaded.notes] };
  }
  const loaded = loadPredictions(location, { ...common, format: format as PredictionFormat | undefined });
  const found = setOfPredictions(loaded.predictions, location);
  const set = loaded.format === 'coco-results' ? { ...found, pointsAsAnnotated: true } : found;
  return { set, format: loaded.format, notes: [...recognised(source, loaded.format), ...loaded.notes] };
}

function recognised({ side, format: asked }: LandmarkSource, format: string): string[] {
  return asked === undefined ? [`${side}: read as ${format}`] : [];
}
