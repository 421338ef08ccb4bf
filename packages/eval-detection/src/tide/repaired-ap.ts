import { detectionOutcome, interpolatedAp } from '@retinabench/results';
import type { ClassifiedErrors } from './classify.js';
import { detectionTypes, type ErrorTotal, type ErrorType } from './error-types.js';

/** What is corrected. */
export type Repair = ErrorType | ErrorTotal;

/** Detections and faces of which errors are corrected. */
export interface RepairedPart {
  /** Ranks of the detections, in any order. */
  readonly ranks: ArrayLike<number>;
  /** Missed faces among them. */
  readonly missed: number;
}

const typeOfRepair: Readonly<Partial<Record<Repair, number>>> = {
  localisation: detectionTypes.localisation,
  both: detectionTypes.both,
  duplicate: detectionTypes.duplicate,
  background: detectionTypes.background,
};

/** AP of classified errors, as it is and with errors corrected; the outcomes are worked out once. */
export class RepairedAp {
  /** AP as it is. */
  readonly ap: number;
  readonly #errors: ClassifiedErrors;
  readonly #faces: number;
  readonly #before: Uint8Array;
  readonly #after: Uint8Array;

  /** @param faces counted ones, above 0. */
  constructor(errors: ClassifiedErrors, faces: number) {
    this.#errors = errors;
    this.#faces = faces;
    this.#before = outcomesOf(errors);
    this.#after = this.#before.slice();
    this.ap = interpolatedAp(this.#before, faces);
  }

  /**
   * AP that errors of one type cost: AP once they are corrected and all others stay, less AP, at least 0. Localisation errors
   * that repair a face become hits, the other localisation errors, duplicates and background detections vanish, missed faces
   * leave the denominator; of the totals, all false positives rank below all hits, and all faces that are not found leave
   * the denominator. Where no face is left to be found, AP is 1.
   *
   * @param part what of the type is corrected; default: all.
   * Cost: O(detections + faces).
   * Source: as classifyErrors; tidecv's `FalsePositiveError` and `FalseNegativeError` for the totals.
   */
  lost(repair: Repair, part?: RepairedPart): number {
    return Math.max(0, this.#repaired(repair, part) - this.ap);
  }

  #repaired(repair: Repair, part: RepairedPart | undefined): number {
    const { missed, found } = this.#errors;
    if (repair === 'missed') return this.#apOf(this.#before, this.#faces - (part?.missed ?? sum(missed)));
    if (repair === 'falseNegative') return this.#apOf(this.#before, sum(found));
    if (repair === 'falsePositive') {
      const hits = this.#before.filter((outcome) => outcome === detectionOutcome.truePositive);
      return this.#apOf(hits, this.#faces);
    }
    const after = this.#after;
    after.set(this.#before);
    const { type, repairs } = this.#errors;
    const wanted = typeOfRepair[repair];
    const count = part?.ranks.length ?? type.length;
    for (let index = 0; index < count; index++) {
      const rank = part === undefined ? index : part.ranks[index];
      if (type[rank] !== wanted) continue;
      after[rank] = repairs[rank] === 1 ? detectionOutcome.truePositive : detectionOutcome.ignored;
    }
    return this.#apOf(after, this.#faces);
  }

  #apOf(outcomes: Uint8Array, faces: number): number {
    return faces === 0 ? 1 : interpolatedAp(outcomes, faces);
  }
}

/** What becomes of each detection while nothing is repaired. */
function outcomesOf({ type, ignored }: ClassifiedErrors): Uint8Array {
  const outcomes = new Uint8Array(type.length);
  for (let rank = 0; rank < type.length; rank++) {
    if (type[rank] === detectionTypes.hit) outcomes[rank] = detectionOutcome.truePositive;
    else outcomes[rank] = ignored[rank] === 1 ? detectionOutcome.ignored : detectionOutcome.falsePositive;
  }
  return outcomes;
}

function sum(flags: Uint8Array): number {
  let total = 0;
  for (const flag of flags) total += flag;
  return total;
}
