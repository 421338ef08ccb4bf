/**
 * How often 95 % intervals of detection records hold the truth. Full WIDER FACE validation with the public predictions of the
 * shared data folder is the population; images are drawn from it with replacement. Prints for each number and size the share
 * of the draws whose interval holds the number of the population, and the same of paired differences to a run whose scores
 * are noisy, and to one that lost all detections of every twentieth image.
 *
 *     npx nx run eval-detection:bench-coverage
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  type Annotations,
  loadAnnotations,
  loadPredictions,
  matchImages,
  type Predictions,
} from '@retinabench/annotations';
import { seededRandom } from '@retinabench/core';
import { type DetectionResult, pairedDetectionDifference, type ResultRecord } from '@retinabench/results';
import { type DetectionSettings, defaultFaceSettings, evaluateDetection, metrics } from '../src/index.js';

const wider = path.resolve(process.env.RETINABENCH_SHARED ?? '../shared', 'datasets', 'wider');
const draws = Number(process.env.DRAWS ?? 200);
const sizes = (process.env.SIZES ?? '100,200,400,826').split(',').map(Number);
const names = (
  process.env.NAMES ??
  'ap,ap50,apSmall,apLarge,voc.allPoint,f1,missRate,ar1,ar10,ar100,uncapped.ap,uncapped.ap50,voc.elevenPoint'
).split(',');

const settings: DetectionSettings = {
  faces: defaultFaceSettings,
  metrics,
  maxDets: [1, 10, 100],
  iou: 0.5,
  atScore: 0.5,
};

interface Run {
  readonly boxesXywh: Float64Array;
  readonly scores: Float64Array;
  /** Of each image of the population. */
  readonly first: Int32Array;
  readonly end: Int32Array;
}

/** The numbers of drawn images. */
function evaluate(population: Annotations, run: Run, drawn: Int32Array): DetectionResult {
  const start = new Int32Array(drawn.length + 1);
  drawn.forEach((image, at) => {
    start[at + 1] = start[at] + population.start[image + 1] - population.start[image];
  });
  const boxesXywh = new Float64Array(4 * start[drawn.length]);
  drawn.forEach((image, at) => {
    boxesXywh.set(
      population.boxesXywh.subarray(4 * population.start[image], 4 * population.start[image + 1]),
      4 * start[at],
    );
  });
  const none = new Uint8Array(start[drawn.length]);
  const annotations: Annotations = {
    images: Array.from(drawn, (image, at) => `${at}-${population.images[image]}`),
    sizesPx: new Int32Array(2 * drawn.length),
    start,
    boxesXywh,
    crowd: none,
    ignored: none,
    difficult: none,
    attributes: new Map(),
  };
  const ranges = { first: drawn.map((image) => run.first[image]), end: drawn.map((image) => run.end[image]) };
  return evaluateDetection(annotations, { ranges, boxesXywh: run.boxesXywh, scores: run.scores }, settings, { by: [] })
    .detection;
}

function recordOf(detection: DetectionResult): ResultRecord {
  return {
    schemaVersion: 1,
    kind: 'detection',
    createdAt: '2026-01-01T00:00:00Z',
    protocol: { id: '000000000000' },
    environment: { cpu: 'any', cores: 1, memoryBytes: 0, os: 'any', node: 'any', packageVersions: {} },
    detection,
  };
}

function runsOf(predictions: Predictions, predictionOf: Int32Array): Record<'base' | 'noisy' | 'lost', Run> {
  const random = seededRandom(1);
  const { start, boxesXywh, scores } = predictions;
  const base = {
    boxesXywh,
    scores,
    first: predictionOf.map((image) => (image < 0 ? 0 : start[image])),
    end: predictionOf.map((image) => (image < 0 ? 0 : start[image + 1])),
  };
  return {
    base,
    noisy: { ...base, scores: scores.map((score) => score + 0.1 * (random() - 0.5)) },
    lost: { ...base, end: base.end.map((end, image) => (image % 20 === 7 ? base.first[image] : end)) },
  };
}

function main(): void {
  if (!existsSync(wider)) {
    console.log('the shared data folder is absent: nothing measured');
    return;
  }
  const truth = loadAnnotations(path.join(wider, 'wider_face_val_bbx_gt.txt'));
  const read = loadPredictions(path.join(wider, 'predictions', 'retinaface-mnet025-original'), { annotations: truth });
  const { annotations } = truth;
  const runs = runsOf(read.predictions, matchImages(annotations, read.predictions).predictionOf);
  const all = Int32Array.from(annotations.images.keys());
  const whole = {
    base: evaluate(annotations, runs.base, all),
    noisy: evaluate(annotations, runs.noisy, all),
    lost: evaluate(annotations, runs.lost, all),
  };
  const random = seededRandom(7);
  console.log(
    `${draws} draws; population: ${names.map((name) => `${name} ${whole.base.values[name].toFixed(4)}`).join(', ')}`,
  );
  for (const size of sizes) {
    const held = new Map<string, number>();
    const count = (key: string, holds: boolean): void => {
      held.set(key, (held.get(key) ?? 0) + (holds ? 1 : 0));
    };
    for (let draw = 0; draw < draws; draw++) {
      const drawn = Int32Array.from({ length: size }, () => Math.floor(random() * all.length));
      const base = evaluate(annotations, runs.base, drawn);
      for (const name of names) {
        const [low, high] = base.interval?.[name] ?? [1, 0];
        count(name, low <= whole.base.values[name] && whole.base.values[name] <= high);
      }
      for (const other of ['noisy', 'lost'] as const) {
        const changed = evaluate(annotations, runs[other], drawn);
        for (const name of names) {
          const [low, high] = pairedDetectionDifference(recordOf(base), recordOf(changed), name)?.interval ?? [1, 0];
          const difference = whole[other].values[name] - whole.base.values[name];
          count(`${other} ${name}`, low <= difference && difference <= high);
        }
      }
    }
    for (const group of ['', 'noisy ', 'lost ']) {
      const shares = names.map((name) => `${name} ${((100 * (held.get(group + name) ?? 0)) / draws).toFixed(1)}`);
      console.log(
        `${String(size).padStart(5)} images, ${group === '' ? 'values' : `difference to ${group.trim()}`}: ${shares.join(', ')}`,
      );
    }
  }
}

main();
