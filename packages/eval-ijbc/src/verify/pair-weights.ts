import type { PairIndices } from '../template/resolve-pairs.js';
import type { Subjects } from './subjects.js';

/** Total weight of the pairs of one draw of subjects. */
export interface PairWeights {
  readonly genuine: number;
  readonly impostor: number;
}

/**
 * Prepare the total weights of draws: genuine pairs weigh as often as their subject was drawn, impostor pairs the
 * product of both subjects' counts.
 *
 * @param labels Uint8Array [pairs]: 1 genuine, 0 impostor.
 * @returns a function from the counts of a draw, Float64Array [subjects], to the totals.
 * Cost: O(pairs + subjects) to prepare; O(distinct pairs of subjects) a draw, since pairs between the same two subjects
 * are counted once.
 */
export function weighPairs(
  { left, right }: PairIndices,
  labels: Uint8Array,
  { count, ofTemplate }: Subjects,
): (weights: Float64Array) => PairWeights {
  const genuine = new Uint32Array(count);
  const starts = new Uint32Array(count + 1);
  for (let pair = 0; pair < labels.length; pair++) {
    const a = ofTemplate[left[pair]];
    if (labels[pair] === 1) genuine[a]++;
    else starts[Math.min(a, ofTemplate[right[pair]]) + 1]++;
  }
  for (let subject = 1; subject <= count; subject++) starts[subject] += starts[subject - 1];
  const others = new Int32Array(starts[count]);
  const next = starts.slice(0, count);
  for (let pair = 0; pair < labels.length; pair++) {
    if (labels[pair] === 1) continue;
    const a = ofTemplate[left[pair]];
    const b = ofTemplate[right[pair]];
    others[next[Math.min(a, b)]++] = Math.max(a, b);
  }

  // Merge equal subjects of each row in place: `others` and `counts` then hold the distinct ones up to rowEnds.
  const counts = new Uint32Array(others.length);
  const rowStarts = new Uint32Array(count + 1);
  const placeOf = new Int32Array(count);
  let used = 0;
  for (let subject = 0; subject < count; subject++) {
    const rowStart = used;
    for (let i = starts[subject]; i < starts[subject + 1]; i++) {
      const other = others[i];
      const place = placeOf[other];
      if (place >= rowStart && place < used && others[place] === other) counts[place]++;
      else {
        placeOf[other] = used;
        others[used] = other;
        counts[used++] = 1;
      }
    }
    rowStarts[subject + 1] = used;
  }

  return (weights) => {
    let genuineWeight = 0;
    let impostorWeight = 0;
    for (let subject = 0; subject < count; subject++) {
      const weight = weights[subject];
      if (weight === 0) continue;
      genuineWeight += weight * genuine[subject];
      let row = 0;
      for (let i = rowStarts[subject]; i < rowStarts[subject + 1]; i++) row += counts[i] * weights[others[i]];
      impostorWeight += weight * row;
    }
    return { genuine: genuineWeight, impostor: impostorWeight };
  };
}
