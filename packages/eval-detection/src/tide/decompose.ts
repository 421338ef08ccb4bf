import {
  type ClassifiedErrors,
  classifyErrors,
  type TideInput,
  type TideSettings,
  usualTideSettings,
} from './classify.js';
import { detectionTypes, type ErrorTotal, type ErrorType, errorTotals, errorTypes } from './error-types.js';
import { apAsItIs, type ErrorGroup, repairedAp } from './repaired-ap.js';

/** How many errors there are of each type, and beside them the hits, ignored detections and faces that are not found. */
export type ErrorCounts = Readonly<
  Record<ErrorType | 'hits' | 'ignored' | 'falsePositives' | 'falseNegatives', number>
>;

/** Where the AP of a detector is lost. */
export interface TideResult {
  /** AP at the foreground threshold, 0..1. */
  readonly ap: number;
  /** AP that each type costs: AP with it put right alone, less AP; at least 0. They do not add up to 1 - AP. */
  readonly lost: Readonly<Record<ErrorType | ErrorTotal, number>>;
  readonly counts: ErrorCounts;
  readonly faces: number;
}

/**
 * TIDE: classify the errors of a detector, and say what AP each type costs.
 *
 * @returns undefined if no face counts, for then there is no AP.
 * @throws as classifyErrors.
 * Cost: that of classifyErrors, and a pass over the detections for each type.
 */
export function decomposeErrors(
  input: TideInput,
  settings: TideSettings = usualTideSettings,
  errors: ClassifiedErrors = classifyErrors(input, settings),
): TideResult | undefined {
  const faces = input.faces.counted.reduce((sum, counted) => sum + counted, 0);
  if (faces === 0) return undefined;
  const ap = apAsItIs(errors, faces);
  const repairs = [...errorTypes, ...errorTotals];
  const lost = Object.fromEntries(repairs.map((type) => [type, Math.max(0, repairedAp(errors, faces, type) - ap)]));
  return { ap, lost: lost as TideResult['lost'], counts: countErrors(errors), faces };
}

/** @param part the group that is counted; all by default. */
export function countErrors(errors: ClassifiedErrors, part?: ErrorGroup): ErrorCounts {
  const { type, ignored, found, missed } = errors;
  const of = new Float64Array(Object.keys(detectionTypes).length);
  let [falsePositives, ignoredOnes, falseNegatives, misses] = [0, 0, 0, 0];
  for (let rank = 0; rank < type.length; rank++) {
    if (part !== undefined && part.ofRank[rank] !== part.group) continue;
    of[type[rank]]++;
    if (ignored[rank] === 1) ignoredOnes++;
    else if (type[rank] !== detectionTypes.hit) falsePositives++;
  }
  for (let face = 0; face < missed.length; face++) {
    if (errors.counted[face] !== 1 || (part !== undefined && part.ofFace[face] !== part.group)) continue;
    if (found[face] === 0) falseNegatives++;
    if (missed[face] === 1) misses++;
  }
  return {
    localisation: of[detectionTypes.localisation],
    both: of[detectionTypes.both],
    duplicate: of[detectionTypes.duplicate],
    background: of[detectionTypes.background],
    missed: misses,
    hits: of[detectionTypes.hit],
    ignored: ignoredOnes,
    falsePositives,
    falseNegatives,
  };
}
