import type { PairIndices } from '../template/resolve-pairs.js';
import type { Subjects } from './subjects.js';

/** Total weight of the pairs of one draw of subjects. */
export interface PairWeights {
  readonly genuine: number;
  readonly impostor: number;
}

/** Draws that are weighed in one pass where their sums are small enough. */
export const drawsAtOnce = 3;

/** Bits that sums of each of 1, 2 and 3 draws have in a double, whose 53 are exact. */
const bitsOf = [53, 26, 17] as const;

/**
 * Prepare the total weights of draws: genuine pairs weigh as often as their subject was drawn, impostor pairs the
 * product of both subjects' counts.
 *
 * @param labels Uint8Array [pairs]: 1 genuine, 0 impostor.
 * @returns a function from the counts of one or more draws, each Float64Array [subjects] of whole numbers, to the totals of
 * each. Cost: O(distinct pairs of subjects) for every `drawsAtOnce` draws, since pairs between the same two subjects are counted
 * once.
 * Cost: O(pairs + subjects).
 */
export function weighPairs(
  { left, right }: PairIndices,
  labels: Uint8Array,
  { count, ofTemplate }: Subjects,
): (draws: readonly Float64Array[]) => PairWeights[] {
  const genuine = new Uint32Array(count);
  for (let pair = 0; pair < labels.length; pair++) if (labels[pair] === 1) genuine[ofTemplate[left[pair]]]++;
  const subjectPairs = countBySubjects({ left, right }, labels, { count, ofTemplate });
  const mostInRow = largestRow(subjectPairs);
  return (draws) => {
    const results: PairWeights[] = [];
    for (let from = 0; from < draws.length; ) {
      const lanes = lanesFor(draws.slice(from, from + drawsAtOnce), mostInRow);
      const part = draws.slice(from, from + lanes);
      const impostor = weighImpostors(part, subjectPairs, 2 ** bitsOf[part.length - 1]);
      part.forEach((weights, lane) => {
        let own = 0;
        for (let subject = 0; subject < count; subject++) own += weights[subject] * genuine[subject];
        results.push({ genuine: own, impostor: impostor[lane] });
      });
      from += lanes;
    }
    return results;
  };
}

/** How many of some draws fit into one double: the sum of no row may reach the next draw's bits. */
function lanesFor(draws: readonly Float64Array[], mostInRow: number): number {
  let most = 0;
  for (const weights of draws)
    for (let subject = 0; subject < weights.length; subject++) most = Math.max(most, weights[subject]);
  let lanes = draws.length;
  while (lanes > 1 && mostInRow * most >= 2 ** bitsOf[lanes - 1]) lanes--;
  return lanes;
}

/** Impostor pairs of the subject that has most. */
function largestRow({ rowStarts, counts }: SubjectPairs): number {
  let most = 0;
  for (let subject = 0; subject + 1 < rowStarts.length; subject++) {
    let sum = 0;
    for (let i = rowStarts[subject]; i < rowStarts[subject + 1]; i++) sum += counts[i];
    if (sum > most) most = sum;
  }
  return most;
}

/**
 * Total weight of the impostor pairs of each draw, all in one pass: the weights of a subject stand in one double, those of the
 * second draw times `base` and so on, so that a row of whole numbers adds up for all draws at once.
 */
function weighImpostors(
  draws: readonly Float64Array[],
  { rowStarts, others, counts }: SubjectPairs,
  base: number,
): Float64Array {
  const packed = new Float64Array(rowStarts.length - 1);
  for (let lane = draws.length - 1; lane >= 0; lane--) {
    for (let subject = 0; subject < packed.length; subject++)
      packed[subject] = packed[subject] * base + draws[lane][subject];
  }
  const totals = new Float64Array(draws.length);
  for (let subject = 0; subject < packed.length; subject++) {
    if (packed[subject] === 0) continue;
    // Sums of whole numbers are the same in any order; four of them at a time do not wait for one another.
    let [row, second, third, fourth] = [0, 0, 0, 0];
    const end = rowStarts[subject + 1];
    let i = rowStarts[subject];
    for (; i + 4 <= end; i += 4) {
      row += counts[i] * packed[others[i]];
      second += counts[i + 1] * packed[others[i + 1]];
      third += counts[i + 2] * packed[others[i + 2]];
      fourth += counts[i + 3] * packed[others[i + 3]];
    }
    for (; i < end; i++) row += counts[i] * packed[others[i]];
    let rest = row + second + third + fourth;
    for (let lane = 0; lane + 1 < draws.length; lane++) {
      const higher = Math.floor(rest / base);
      totals[lane] += draws[lane][subject] * (rest - higher * base);
      rest = higher;
    }
    totals[draws.length - 1] += draws[draws.length - 1][subject] * rest;
  }
  return totals;
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
