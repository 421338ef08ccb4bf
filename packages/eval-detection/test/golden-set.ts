import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type RankedDetections, rankDetections } from '@retinabench/results';
import type { TideInput } from '../src/tide/classify.js';

interface CocoFile {
  readonly images: readonly { id: number; file_name: string }[];
  readonly annotations: readonly { id: number; image_id: number; bbox: number[]; iscrowd?: number }[];
}

/** The COCO data of the shared data folder, read without any reader of ours. */
export interface GoldenSet extends TideInput {
  readonly images: readonly string[];
  /** Id of each face, and the index of each detection in the file. */
  readonly faceIds: readonly number[];
  readonly detectionIds: Int32Array;
  readonly scores: Float64Array;
  readonly ranked: RankedDetections;
}

export const sharedFolder = path.resolve(
  import.meta.dirname,
  '../../..',
  process.env.RETINABENCH_SHARED ?? '../shared',
);

export function goldenJson<T>(...parts: string[]): T {
  return JSON.parse(readFileSync(path.join(sharedFolder, 'golden', ...parts), 'utf8')) as T;
}

export function goldenSet(variant: 'counted' | 'all', limit?: number): GoldenSet {
  const truth = goldenJson<CocoFile>('coco', 'ground-truth.json');
  const results = goldenJson<{ image_id: number; bbox: number[]; score: number }[]>('coco', 'predictions.json');
  const starts = (list: readonly { image_id: number }[]): Int32Array => {
    const start = new Int32Array(truth.images.length + 1);
    truth.images.forEach(({ id }, image) => {
      start[image + 1] = start[image] + list.filter(({ image_id }) => image_id === id).length;
    });
    return start;
  };
  const annotations = truth.images.flatMap(({ id }) => truth.annotations.filter(({ image_id }) => image_id === id));
  const order = truth.images.flatMap(({ id }) => results.flatMap((row, at) => (row.image_id === id ? [at] : [])));
  const crowd = Uint8Array.from(annotations, ({ iscrowd = 0 }) => (variant === 'all' ? 0 : iscrowd));
  const start = starts(results);
  const scores = Float64Array.from(order, (at) => results[at].score);
  return {
    images: truth.images.map(({ file_name }) => file_name),
    faceIds: annotations.map(({ id }) => id),
    detectionIds: Int32Array.from(order),
    faces: {
      start: starts(annotations),
      boxesXywh: Float64Array.from(annotations.flatMap(({ bbox }) => bbox)),
      crowd,
      counted: crowd.map((one) => 1 - one),
    },
    boxesXywh: Float64Array.from(order.flatMap((at) => results[at].bbox)),
    scores,
    ranked: rankDetections(scores, { first: start.slice(0, -1), end: start.slice(1) }, limit),
  };
}
