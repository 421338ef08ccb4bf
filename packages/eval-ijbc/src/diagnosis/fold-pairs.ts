import { createHash } from 'node:crypto';
import { formatCount } from '@retinabench/results';
import type { FoldPairs } from '../folds/read-fold-pairs.js';
import { type Diagnosis, formatFirst } from './diagnosis.js';

/** Pairs that a message names. */
const namedAtMost = 5;

/** From this share of the pairs on, pairs of one image make the number. */
const tooManyOfOne = 0.01;

/**
 * Whether pairs in folds contradict or repeat themselves: an image against itself, a pair that is both genuine and impostor, a
 * pair that stands twice. Images are the same by their bytes where the file holds them, by their names where it names them, else
 * by the rows of their features.
 *
 * @param folds into which the pairs are divided in turn.
 * @param place the file's name.
 * Cost: a hash of each image that the file holds.
 */
export function diagnoseFoldPairs(pairs: FoldPairs, folds: number, place: string): Diagnosis[] {
  const { left, right, labels } = pairs;
  const imageOf = imageNames(pairs);
  const [itself, contradicted, repeated] = [[], [], []] as [number[], number[], number[]];
  let acrossFolds = 0;
  const first = new Map<string, number>();
  const foldOf = (pair: number): number => Math.floor((pair * folds) / labels.length);
  for (let pair = 0; pair < labels.length; pair++) {
    const [a, b] = [imageOf(left[pair]), imageOf(right[pair])];
    if (a === b) itself.push(pair);
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    const known = first.get(key);
    if (known === undefined) {
      first.set(key, pair);
    } else if (labels[known] !== labels[pair]) {
      contradicted.push(pair);
    } else {
      repeated.push(pair);
      if (foldOf(known) !== foldOf(pair)) acrossFolds++;
    }
  }
  const seen = (found: readonly number[], what: string): string =>
    `${place}: ${formatCount(found.length)} of ${formatCount(labels.length)} pairs ${what}: pair ${formatFirst(
      found.map((pair) => String(pair + 1)),
      namedAtMost,
    )}`;
  const diagnoses: Diagnosis[] = [];
  if (contradicted.length > 0) {
    diagnoses.push({
      code: 'pairs-contradict',
      level: 'error',
      evidence: seen(contradicted, 'hold the two images of another pair that is labelled otherwise'),
      effect: 'one of the two is judged wrongly whatever the features are',
      fix: 'label each pair of images once',
    });
  }
  if (itself.length > 0) {
    diagnoses.push({
      code: 'pairs-of-one-image',
      level: itself.length > tooManyOfOne * labels.length ? 'error' : 'warning',
      evidence: seen(itself, 'hold one image twice'),
      effect: 'its distance to itself is 0 for every embedder: such genuine pairs raise accuracy and TAR',
      fix: 'pair each image with another one',
    });
  }
  if (repeated.length > 0) {
    const across =
      acrossFolds === 0
        ? 'their weight is that of several pairs, and intervals over the folds are too narrow'
        : `${formatCount(acrossFolds)} of them stand in another fold, so that thresholds are chosen on pairs that they judge, and the folds are not independent`;
    diagnoses.push({
      code: 'pairs-repeated',
      level: 'warning',
      evidence: seen(repeated, 'stand in the file before'),
      effect: across,
      fix: 'list each pair once',
    });
  }
  return diagnoses;
}

/** A name of each row of the features by which equal images are known. */
function imageNames({ images, names }: FoldPairs): (row: number) => string {
  if (images === undefined) return (row) => names?.[row] ?? String(row);
  const digests = images.map((bytes) => createHash('sha1').update(bytes).digest('base64'));
  return (row) => digests[row];
}
