import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Annotations, Predictions } from '@retinabench/annotations';
import { annotationsOf, predictionsOf } from './synthetic.js';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const folder = path.join(process.env.RETINABENCH_SHARED ?? path.join(repository, '..', 'shared'), 'golden', 'coco');

/** Whether the shared data folder is there. */
export const hasGolden = existsSync(folder);

interface CocoFile {
  readonly images: readonly { readonly id: number; readonly file_name: string }[];
  readonly annotations: readonly {
    readonly image_id: number;
    readonly bbox: readonly number[];
    readonly iscrowd: number;
  }[];
}

/** Metrics of one variant of the reference, by the names of the file. */
export interface GoldenVariant {
  readonly maxDets100: Readonly<Record<string, number>>;
  readonly maxDets1000: Readonly<Record<string, number>>;
  readonly AR: Readonly<Record<string, number>>;
  readonly ARsmall: Readonly<Record<string, number>>;
  readonly ARmedium: Readonly<Record<string, number>>;
  readonly ARlarge: Readonly<Record<string, number>>;
  readonly operating: {
    readonly truePositives: number;
    readonly falsePositives: number;
    readonly AP101: number;
    readonly APallPoint: number;
    readonly AP11point: number;
    readonly bestF1: Readonly<Record<string, number>>;
    readonly 'at0.5': Readonly<Record<string, number>>;
    readonly logAverageMissRate: { readonly value: number; readonly missRate: readonly number[] };
    readonly recallAtFppi: Readonly<Record<string, number>>;
  };
  readonly voc: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The reference numbers of the shared data folder: pycocotools, faster-coco-eval, hotcoco, vernier and NumPy agree. */
export function goldenVariant(name: 'counted' | 'all'): GoldenVariant {
  return (read('reference.json') as { variants: Record<string, GoldenVariant> }).variants[name];
}

/** The ground truth and predictions of the reference, read here without the project's readers. */
export function goldenSets(): { readonly annotations: Annotations; readonly predictions: Predictions } {
  const truth = read('ground-truth.json') as CocoFile;
  const results = read('predictions.json') as readonly {
    readonly image_id: number;
    readonly bbox: readonly number[];
    readonly score: number;
  }[];
  const faces = groupByImage(truth.annotations);
  const found = groupByImage(results);
  return {
    annotations: annotationsOf(
      Object.fromEntries(
        truth.images.map(({ id, file_name }) => [
          file_name,
          (faces.get(id) ?? []).map(({ bbox, iscrowd }) => ({ box: bbox, crowd: iscrowd === 1 })),
        ]),
      ),
    ),
    predictions: predictionsOf(
      Object.fromEntries(
        truth.images.map(({ id, file_name }) => [
          file_name,
          (found.get(id) ?? []).map(({ bbox, score }) => [...bbox, score]),
        ]),
      ),
    ),
  };
}

/** Rows of a CSV file of numbers, by the names of its header. */
export function goldenRows(name: string): Readonly<Record<string, number>>[] {
  const [header, ...lines] = readFileSync(path.join(folder, name), 'utf8').trim().split('\n');
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, at) => [names[at], Number(value)])));
}

function groupByImage<T extends { readonly image_id: number }>(rows: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(row.image_id);
    if (group === undefined) groups.set(row.image_id, [row]);
    else group.push(row);
  }
  return groups;
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
}
