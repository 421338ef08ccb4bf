import { diagnoseBoxes } from './boxes.js';
import { diagnoseExchangedNames } from './exchanged-names.js';
import type { LandmarkFinding, LandmarkInput } from './finding.js';
import { diagnoseLengths } from './lengths.js';
import { diagnoseMissing } from './missing.js';
import { diagnoseNames } from './names.js';
import { diagnoseOrder } from './order.js';
import { diagnosePlace } from './place.js';
import { diagnosePrecision } from './precision.js';
import { medianError, sampleFaces } from './sample.js';
import { diagnoseStrays } from './strays.js';

/**
 * What is wrong with predicted landmarks, or cannot be told by their number: the mistakes that a sound metric turns into a
 * wrong number in silence.
 *
 * @param lengths Float64Array [annotated faces]: what errors are divided by, and its name.
 * Cost: O(faces x points), at most 2,000 faces for what all share.
 */
export function diagnoseLandmarks(
  input: LandmarkInput,
  lengths: { readonly of: Float64Array; readonly name: string },
): LandmarkFinding[] {
  const sample = sampleFaces(input);
  const asGiven = medianError(sample, ({ predicted }, point) => [predicted[point * 2], predicted[point * 2 + 1]]);
  const evidence = { sample, asGiven };
  const order = diagnoseOrder(input, evidence);
  const names = order.length > 0 ? [] : diagnoseNames(input);
  return [
    ...order,
    ...(order.length > 0
      ? []
      : [...names, ...(names.length > 0 ? [] : diagnoseExchangedNames(input)), ...diagnosePlace(input, evidence)]),
    ...diagnoseStrays(input, evidence),
    ...diagnoseBoxes(input, lengths.name),
    ...diagnosePrecision(evidence),
    ...diagnoseMissing(input),
    ...diagnoseLengths(input, lengths),
  ];
}
