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
  for (let pair = 0; pair < labels.length; pair++) if (labels[pair] === 1) genuine[ofTemplate[left[pair]]]++;
  const { rowStarts, others, counts } = countBySubjects({ left, right }, labels, { count, ofTemplate });
  return (weights) => {
    let genuineWeight = 0;
    let impostorWeight = 0;
    for (let subject = 0; subject < count; subject++) {
      const weight = weights[subject];
      if (weight === 0) continue;
      genuineWeight += weight * genuine[subject];
      // Sums of whole numbers are the same in any order; four of them at a time do not wait for one another.
      let [row, second, third, fourth] = [0, 0, 0, 0];
      const end = rowStarts[subject + 1];
      let i = rowStarts[subject];
      for (; i + 4 <= end; i += 4) {
        row += counts[i] * weights[others[i]];
        second += counts[i + 1] * weights[others[i + 1]];
        third += counts[i + 2] * weights[others[i + 2]];
        fourth += counts[i + 3] * weights[others[i + 3]];
      }
      for (; i < end; i++) row += counts[i] * weights[others[i]];
      row += second + third + fourth;
      impostorWeight += weight * row;
    }
    return { genuine: genuineWeight, impostor: impostorWeight };
  };
}

/** Impostor pairs by their two subjects; in the narrowest arrays that hold them, since every draw goes through all. */
interface SubjectPairs {
  /** Uint32Array [subjects + 1]: the pairs of subject s with one of a higher index are at rowStarts[s] .. rowStarts[s + 1] - 1. */
  readonly rowStarts: Uint32Array;
  readonly others: Uint16Array | Int32Array;
  readonly counts: Uint8Array | Uint32Array;
}

function countBySubjects(
  { left, right }: PairIndices,
  labels: Uint8Array,
  { count, ofTemplate }: Subjects,
): SubjectPairs {
  const indices = (length: number): Uint16Array | Int32Array =>
    count <= 1 << 16 ? new Uint16Array(length) : new Int32Array(length);
  const starts = new Uint32Array(count + 1);
  for (let pair = 0; pair < labels.length; pair++) {
    if (labels[pair] === 0) starts[Math.min(ofTemplate[left[pair]], ofTemplate[right[pair]]) + 1]++;
  }
  for (let subject = 1; subject <= count; subject++) starts[subject] += starts[subject - 1];
  const others = indices(starts[count]);
  const next = starts.slice(0, count);
  for (let pair = 0; pair < labels.length; pair++) {
    if (labels[pair] === 1) continue;
    const a = ofTemplate[left[pair]];
    const b = ofTemplate[right[pair]];
    if (a < b) others[next[a]++] = b;
    else others[next[b]++] = a;
  }

  // Merge equal subjects of each row in place: `others` and `counts` then hold the distinct ones up to rowStarts.
  const counts = new Uint32Array(others.length);
  const rowStarts = new Uint32Array(count + 1);
  const placeOf = new Int32Array(count);
  let used = 0;
  let most = 0;
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
    for (let place = rowStart; place < used; place++) if (counts[place] > most) most = counts[place];
    rowStarts[subject + 1] = used;
  }
  const narrow = most < 1 << 8 ? new Uint8Array(counts.subarray(0, used)) : counts.slice(0, used);
  return { rowStarts, others: others.slice(0, used), counts: narrow };
}
