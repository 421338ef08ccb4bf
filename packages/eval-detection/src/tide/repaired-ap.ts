import { detectionOutcome, interpolatedAp } from '@retinabench/results';
import type { ClassifiedErrors } from './classify.js';
import { detectionTypes, type ErrorTotal, type ErrorType } from './error-types.js';

/** AP once an error is put right, with the outcomes that it takes. */
export type Repair = ErrorType | ErrorTotal;

/** The detections and faces of one group: those whose entry is `group`. */
export interface ErrorGroup {
  /** Int32Array [ranks] and [faces]. */
  readonly ofRank: Int32Array;
  readonly ofFace: Int32Array;
  readonly group: number;
}

const typeOfRepair: Readonly<Partial<Record<Repair, number>>> = {
  localisation: detectionTypes.localisation,
  both: detectionTypes.both,
  duplicate: detectionTypes.duplicate,
  background: detectionTypes.background,
};

/** AP as it is. @param faces counted ones, above 0. */
export function apAsItIs(errors: ClassifiedErrors, faces: number): number {
  return interpolatedAp(outcomes(errors), faces);
}

/**
 * AP once every error of one type is put right and all others stay: localisation errors that repair a face become hits, the
 * other localisation errors, duplicates and background detections vanish, missed faces leave the denominator; of the totals,
 * all false positives rank below all hits, and all faces that are not found leave the denominator.
 *
 * @param faces counted ones, above 0.
 * @param part  of which group errors are put right; all by default.
 * @returns 1 where no face is left to be found.
 * Cost: O(detections + faces).
 * Source: as classifyErrors; tidecv's `FalsePositiveError` and `FalseNegativeError` for the totals.
 */
export function repairedAp(errors: ClassifiedErrors, faces: number, repair: Repair, part?: ErrorGroup): number {
  const after = outcomes(errors);
  let left = faces;
  switch (repair) {
    case 'missed':
      for (let face = 0; face < errors.missed.length; face++) {
        if (errors.missed[face] === 1 && (part === undefined || part.ofFace[face] === part.group)) left--;
      }
      break;
    case 'falseNegative':
      left = errors.found.reduce((sum, found) => sum + found, 0);
      break;
    case 'falsePositive': {
      const hits = after.filter((outcome) => outcome === detectionOutcome.truePositive);
      return interpolatedAp(hits, faces);
    }
    default:
      repairDetections(errors, after, repair, part);
  }
  return left === 0 ? 1 : interpolatedAp(after, left);
}

function repairDetections(
  errors: ClassifiedErrors,
  after: Uint8Array,
  repair: Repair,
  part: ErrorGroup | undefined,
): void {
  const wanted = typeOfRepair[repair];
  for (let rank = 0; rank < after.length; rank++) {
    if (errors.type[rank] !== wanted || (part !== undefined && part.ofRank[rank] !== part.group)) continue;
    after[rank] = errors.repairs[rank] === 1 ? detectionOutcome.truePositive : detectionOutcome.ignored;
  }
}

/** What becomes of each detection while nothing is repaired. */
function outcomes({ type, ignored }: ClassifiedErrors): Uint8Array {
  return type.map((of, rank) => {
    if (of === detectionTypes.hit) return detectionOutcome.truePositive;
    return ignored[rank] === 1 ? detectionOutcome.ignored : detectionOutcome.falsePositive;
  });
}
