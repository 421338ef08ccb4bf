import { formatCount } from '@retinabench/results';
import type { FeatureRows } from '../folds/pair-distances.js';
import { pairDistances } from '../folds/pair-distances.js';
import type { FoldPairs } from '../folds/read-fold-pairs.js';
import { recogniseHalves } from '../template/halves.js';
import { verify } from '../verify/verify.js';
import type { Diagnosis } from './diagnosis.js';

/** What a verification in folds is made of. */
export interface FoldCheck {
  readonly features: FeatureRows;
  readonly flipped?: FeatureRows;
  readonly pairs: FoldPairs;
  /** Area under the curve of the pairs as given. */
  readonly auc: number;
}

/** Rows of which the halves are compared. */
const sampledRows = 200;

/** Standard errors of chance, and area under the curve, by which another order of the rows has to be better. */
const orderErrors = 4;
const orderGain = 0.15;

/** Standard errors within which an area under the curve is no better than chance. */
const chanceErrors = 2;

/** Orders in which files of features are really written, as the row that the feature of a row lies in. */
const orders: readonly (readonly [what: string, rowOf: (row: number, rows: number) => number])[] = [
  ['each row holds the feature of the image after it', (row, rows) => (row - 1 + rows) % rows],
  ['each row holds the feature of the image before it', (row, rows) => (row + 1) % rows],
  [
    'the first half holds the first images of all pairs, the second half the second ones',
    (row, rows) => (row % 2 === 0 ? row / 2 : (row - 1 + rows) / 2),
  ],
  ['the rows stand in reverse', (row, rows) => rows - 1 - row],
];

/**
 * Whether the rows of features are those of the pairs: as many, in their order, one feature each, and those of the mirrored
 * images others.
 *
 * Cost: the distances of all pairs, four times.
 */
export function diagnoseFoldRows(check: FoldCheck): Diagnosis[] {
  const { features, flipped } = check;
  const counted = [...diagnoseCount(check), ...[features, ...(flipped === undefined ? [] : [flipped])].flatMap(halves)];
  if (flipped?.values.every((value, i) => value === features.values[i]) === true) {
    counted.push({
      code: 'features-mirrored-equal',
      level: 'warning',
      evidence: `${flipped.place}: the features of the mirrored images equal those of the images`,
      effect: 'flip changes nothing: the numbers are those of the images alone',
      fix: 'give the features of the mirrored crops, or --flip none',
    });
  }
  return [...counted, ...diagnoseOrder(check)];
}

function diagnoseCount({ features, pairs }: FoldCheck): Diagnosis[] {
  const rows = features.values.length / features.dimensions;
  const images = 1 + pairs.left.reduce((most, left, i) => Math.max(most, left, pairs.right[i]), 0);
  if (rows === images) return [];
  const twice = rows === 2 * images;
  return [
    {
      code: 'rows-unused',
      level: twice ? 'error' : 'warning',
      evidence: `${features.place}: ${formatCount(rows)} rows, and the pairs name the first ${formatCount(images)} alone`,
      effect: twice
        ? 'twice as many rows are those of the images and of the mirrored images, one below the other or in turn: a half is not read'
        : 'the other rows are not read; if they are of other images, so may the first be',
      fix: twice
        ? 'write two files and give --features and --features-flip'
        : 'write one row for each image of the pairs, in their order',
    },
  ];
}

function halves({ place, values, dimensions }: FeatureRows): Diagnosis[] {
  const layout = recogniseHalves(values.subarray(0, sampledRows * dimensions), dimensions);
  if (layout === 'one') return [];
  return [
    {
      code: 'features-halves-unclear',
      level: 'error',
      evidence: `${place}: the two halves of a row (${dimensions} values) are ${layout === 'both' ? '' : 'perhaps '}the feature of an image and that of its mirror image`,
      effect: 'the distance is that of both together, which is not that of their sum',
      fix: `write them as two files of ${dimensions / 2} values a row, --features and --features-flip`,
    },
  ];
}

function diagnoseOrder({ features, flipped, pairs, auc }: FoldCheck): Diagnosis[] {
  const { labels } = pairs;
  const rows = features.values.length / features.dimensions;
  const genuine = labels.reduce((sum, label) => sum + label, 0);
  const impostors = labels.length - genuine;
  // Of the Mann-Whitney statistic where distances mean nothing.
  const standardError = Math.sqrt((genuine + impostors + 1) / (12 * genuine * impostors));
  const [best] = orders
    .filter(() => rows % 2 === 0)
    .map(([what, rowOf]) => {
      const moved = (row: number): number => rowOf(row, rows);
      const distances = pairDistances(features, flipped, {
        left: pairs.left.map(moved),
        right: pairs.right.map(moved),
      });
      const scores = distances.map((distance) => -distance);
      return { what, auc: scores.every((score) => score === scores[0]) ? 0 : verify(scores, labels).auc };
    })
    .sort((a, b) => b.auc - a.auc);
  // No order of the rows makes features that tell people apart this well the wrong way round.
  if (0.5 - auc > Math.max(orderGain, orderErrors * standardError) && 1 - auc > (best?.auc ?? 0)) {
    return [
      {
        code: 'labels-exchanged',
        level: 'error',
        evidence: `impostor pairs are nearer than genuine ones in ${(100 * (1 - auc)).toFixed(1)} % of the comparisons: the labels say the opposite`,
        effect: 'accuracy and TAR are those of exchanged labels',
        fix: 'label a pair of one person true (1), and a pair of two people false (0)',
      },
    ];
  }
  if (best !== undefined && best.auc - auc > Math.max(orderGain, orderErrors * standardError)) {
    return [
      {
        code: 'rows-misordered',
        level: 'error',
        evidence: `${features.place}: the rows are not in the order of the pairs; ${best.what}: read so, genuine pairs are nearer than impostor pairs in ${(100 * best.auc).toFixed(1)} % of the comparisons instead of ${(100 * auc).toFixed(1)} %`,
        effect: 'distances are those of other images',
        fix: 'write row 2i and 2i + 1 for the two images of pair i (in a .csv, the rows that it names)',
      },
    ];
  }
  if (Math.abs(auc - 0.5) > chanceErrors * standardError) return [];
  return [
    {
      code: 'scores-at-chance',
      level: 'warning',
      evidence: `genuine pairs are nearer than impostor pairs in ${(100 * auc).toFixed(1)} % of the comparisons, which chance explains`,
      effect: 'accuracy and TAR are those of features that tell nobody apart',
      fix: 'check that the rows are in the order of the pairs, and that the embedder gets what its card says',
    },
  ];
}
