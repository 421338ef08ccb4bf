/** Recall points 0, 0.01 ... 1, as NumPy's `linspace` computes them. */
const recallPoints = Array.from({ length: 101 }, (_, i) => (i === 100 ? 1 : i * 0.01));

/** What becomes of a detection once it is matched. */
export const detectionOutcome = { falsePositive: 0, truePositive: 1, ignored: 2 } as const;

/**
 * COCO's AP: the mean over the recalls 0, 0.01 ... 1 of the best precision at any recall at least as high; 0 beyond the
 * recall that is reached.
 *
 * @param outcomes Uint8Array [detections] of `detectionOutcome`, best score first.
 * @param faces    counted faces, more than 0.
 * Cost: O(detections). Only true positives matter: between two of them precision falls.
 */
export function interpolatedAp(outcomes: Uint8Array, faces: number): number {
  const proposalsAt = new Int32Array(faces);
  let found = 0;
  let proposals = 0;
  for (let rank = 0; rank < outcomes.length; rank++) {
    if (outcomes[rank] === detectionOutcome.ignored) continue;
    proposals++;
    if (outcomes[rank] === detectionOutcome.falsePositive) continue;
    proposalsAt[found++] = proposals;
  }
  return interpolatedApOfHits(proposalsAt.subarray(0, found), faces);
}

/**
 * `interpolatedAp` where only the true positives are at hand.
 *
 * @param proposalsAt per true positive, best score first: detections that count up to it, itself included.
 * @param faces       counted faces, more than 0.
 * Cost: O(true positives).
 */
export function interpolatedApOfHits(proposalsAt: Int32Array, faces: number): number {
  const found = proposalsAt.length;
  const precision = new Float64Array(found);
  for (let index = 0; index < found; index++) precision[index] = (index + 1) / proposalsAt[index];
  for (let index = found - 2; index >= 0; index--) precision[index] = Math.max(precision[index], precision[index + 1]);
  let sum = 0;
  let index = 0;
  for (const recall of recallPoints) {
    while (index < found && (index + 1) / faces < recall) index++;
    if (index === found) break;
    sum += precision[index];
  }
  return sum / recallPoints.length;
}
