import type { TideCounts } from '@retinabench/results';
import { type ClassifiedErrors, classifyErrors, type TideInput } from './classify.js';
import { countErrors } from './count-errors.js';
import { type ErrorTotal, type ErrorType, errorTotals, errorTypes } from './error-types.js';
import { RepairedAp } from './repaired-ap.js';
import { type TideSettings, usualTideSettings } from './tide-settings.js';

/** Where the AP of a detector is lost. */
export interface TideResult {
  /** AP at the foreground threshold, 0..1. */
  readonly ap: number;
  /** AP that each type costs: AP with it corrected alone, less AP; at least 0. They do not add up to 1 - AP. */
  readonly lost: Readonly<Record<ErrorType | ErrorTotal, number>>;
  readonly counts: TideCounts;
  /** Counted faces. */
  readonly faces: number;
}

/**
 * TIDE: classify the errors of a detector, and say what AP each type costs.
 *
 * @param errors the classification under these settings, where it is there already.
 * @returns undefined if no face counts, for then there is no AP.
 * @throws as classifyErrors.
 * Cost: that of classifyErrors, and a pass over the detections for each type.
 */
export function decomposeErrors(
  input: TideInput,
  settings: TideSettings = usualTideSettings,
  errors: ClassifiedErrors = classifyErrors(input, settings),
): TideResult | undefined {
  const faces = errors.counted.reduce((sum, counted) => sum + counted, 0);
  if (faces === 0) return undefined;
  const repaired = new RepairedAp(errors, faces);
  const lost = [...errorTypes, ...errorTotals].map((type) => [type, repaired.lost(type)]);
  const [counts] = countErrors(errors, 1, new Int32Array(errors.type.length), new Int32Array(errors.counted.length));
  return { ap: repaired.ap, lost: Object.fromEntries(lost) as TideResult['lost'], counts, faces };
}
