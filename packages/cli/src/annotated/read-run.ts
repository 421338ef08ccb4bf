import { statSync } from 'node:fs';
import type { Predictions } from '@retinabench/annotations';
import { FinishedImages, type LoggedImage, logFileOf, parseLogEntry, readIdentity } from '@retinabench/backends/runs';
import { runId, visitEntries } from '@retinabench/files';

/**
 * The detections of a run folder, unrounded as its log has them, with the landmarks that it keeps, or else all points.
 *
 * @returns undefined if the folder holds no run.
 * @throws {DatasetError} if the log is not as its run wrote it.
 * @throws {EnvironmentError} if it cannot be read.
 */
export function readRun(folder: string): Predictions | undefined {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
  const identity = readIdentity(folder);
  if (identity === undefined) return undefined;
  const finished = new FinishedImages();
  visitEntries(logFileOf(folder), parseLogEntry, runId(identity), (entry) => finished.take(entry));
  const images = [...finished.keys()].flatMap((image) => finished.get(image) ?? []);
  const start = new Int32Array(images.length + 1);
  images.forEach(({ detections }, image) => {
    start[image + 1] = start[image] + detections.length / 5;
  });
  const count = start[images.length];
  const boxesXywh = new Float64Array(4 * count);
  const scores = new Float64Array(count);
  const points = new Float64Array(10 * count).fill(Number.NaN);
  images.forEach(({ detections, landmarks }, image) => {
    for (let row = start[image], at = 0; row < start[image + 1]; row++, at += 5) {
      boxesXywh.set(detections.slice(at, at + 4), 4 * row);
      scores[row] = detections[at + 4];
    }
    if (landmarks !== undefined) points.set(landmarks, 10 * start[image]);
  });
  const names = ['left-eye', 'right-eye', 'nose', 'left-mouth', 'right-mouth'];
  const hasLandmarks = images.some(({ landmarks }) => landmarks !== undefined && landmarks.length > 0);
  return {
    images: images.map(({ image }) => image.normalize('NFC')),
    start,
    boxesXywh,
    scores,
    ...(hasLandmarks ? { landmarks: { names, points } } : pointsOf(images, start)),
  };
}

/** All points as landmarks, numbered as logs have no names of them; nothing where images have other numbers of points. */
function pointsOf(images: readonly LoggedImage[], start: Int32Array): Pick<Predictions, 'landmarks'> {
  const widths = new Set(
    images.flatMap(({ detections, points }) =>
      points === undefined || points.length === 0 ? [] : [(5 * points.length) / detections.length],
    ),
  );
  const [width] = widths;
  if (widths.size !== 1) return {};
  const all = new Float64Array(width * start[images.length]).fill(Number.NaN);
  images.forEach(({ points }, image) => {
    if (points !== undefined) all.set(points, width * start[image]);
  });
  return { landmarks: { names: Array.from({ length: width / 2 }, (_, point) => String(point)), points: all } };
}
