import { seededRandom } from '@retinabench/core';
import type { WiderPredictions } from '../../src/predictions/predictions.js';

/** One change of a detector: what is compared with the run as it is. */
export interface Change {
  readonly name: string;
  /** `broad` where many images differ, `rare` where few do. */
  readonly kind: 'broad' | 'rare';
  readonly of: (run: WiderPredictions) => WiderPredictions;
}

/** Seed of every change. */
const changeSeed = 5;

/** What the study compares with the run as it is. */
export const changes: readonly Change[] = [
  {
    name: 'score noise',
    kind: 'broad',
    of: withScores((random) => (score) => onLogit(score, 0.3 * normal(random))),
  },
  {
    name: 'small faces: scores lower',
    kind: 'broad',
    of: withScores(() => (score, height) => (height < 20 ? onLogit(score, -0.5) : score)),
  },
  {
    name: 'small faces: scores noisy',
    kind: 'broad',
    of: withScores((random) => (score, height) => (height < 16 ? onLogit(score, normal(random)) : score)),
  },
  {
    name: 'small faces: 30 % of those below 16 px lost',
    kind: 'broad',
    of: keeping((random) => (height) => height >= 16 || random() >= 0.3),
  },
  {
    name: 'small faces: all below 14 px lost',
    kind: 'broad',
    of: keeping(() => (height) => height >= 14),
  },
  { name: '1 % of the detections lost', kind: 'broad', of: keeping((random) => () => random() >= 0.01) },
  { name: '5 % of the images empty', kind: 'rare', of: emptied(0.05) },
  { name: '2 % of the images empty', kind: 'rare', of: emptied(0.02) },
  { name: '0.5 % of the images empty', kind: 'rare', of: emptied(0.005) },
];

/** A run with noise on its scores: two of different seeds are two trainings of one detector, as it were. */
export function withScoreNoise(run: WiderPredictions, seed: number): WiderPredictions {
  return withScores((random) => (score) => onLogit(score, 0.3 * normal(random)), seed)(run);
}

function withScores(
  make: (random: () => number) => (score: number, heightPx: number) => number,
  seed = changeSeed,
): Change['of'] {
  return (run) => {
    const of = make(seededRandom(seed));
    // The smallest and largest score stay, so that scores are normalised alike.
    const low = run.scores.reduce((a, b) => Math.min(a, b), 1);
    const high = run.scores.reduce((a, b) => Math.max(a, b), 0);
    const scores = run.scores.map((score, d) => Math.min(high, Math.max(low, of(score, run.boxesXywh[4 * d + 3]))));
    return { ...run, scores };
  };
}

function keeping(make: (random: () => number) => (heightPx: number) => boolean): Change['of'] {
  return (run) => {
    const keep = make(seededRandom(changeSeed));
    return without(run, (detection) => !keep(run.boxesXywh[4 * detection + 3]));
  };
}

function emptied(share: number): Change['of'] {
  return (run) => {
    const random = seededRandom(changeSeed);
    const images = new Set<number>();
    while (images.size < Math.round(share * run.images.length)) images.add(Math.floor(random() * run.images.length));
    return without(run, (_, image) => images.has(image));
  };
}

function without(run: WiderPredictions, isLost: (detection: number, image: number) => boolean): WiderPredictions {
  const start = new Int32Array(run.start.length);
  const kept: number[] = [];
  for (let image = 0; image + 1 < run.start.length; image++) {
    for (let d = run.start[image]; d < run.start[image + 1]; d++) if (!isLost(d, image)) kept.push(d);
    start[image + 1] = kept.length;
  }
  const boxesXywh = new Float64Array(4 * kept.length);
  kept.forEach((d, at) => {
    boxesXywh.set(run.boxesXywh.subarray(4 * d, 4 * d + 4), 4 * at);
  });
  return { ...run, start, boxesXywh, scores: Float64Array.from(kept, (d) => run.scores[d]) };
}

function onLogit(score: number, by: number): number {
  const p = Math.min(1 - 1e-6, Math.max(1e-6, score));
  return 1 / (1 + Math.exp(-Math.log(p / (1 - p)) - by));
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
