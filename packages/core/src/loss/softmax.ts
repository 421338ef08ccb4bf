import { ProtocolError, ShapeError } from '../errors.js';
import type { FloatArray } from '../mesh/float-array.js';

/**
 * Cross-entropy of the two-class softmax of one anchor: -ln p(label), with the gradient added to a buffer.
 *
 * With margin m = z_other - z_label the loss is ln(1 + exp(m)), computed as max(m, 0) + log1p(exp(-|m|)), which neither
 * overflows nor loses small losses, and its gradient with respect to z_other is sigma(m), to z_label -sigma(m).
 *
 * @param logits   [N, 2]: (background, face) before the softmax.
 * @param anchor   row of `logits`.
 * @param label    0 background, 1 face.
 * @param scale    factor of the gradient: weight / positives in the multi-task loss.
 * @param gradient [N, 2], or undefined if not wanted: `scale` times the gradient is added to its row.
 * @returns the loss, without `scale`.
 * Cost: O(1), allocates nothing. Bounds are the caller's to keep.
 * Source: arXiv:1905.00641, equation 1, L_cls.
 */
export function addSoftmaxCrossEntropy(
  logits: FloatArray,
  anchor: number,
  label: 0 | 1,
  scale: number,
  gradient: FloatArray | undefined,
): number {
  const labelAt = anchor * 2 + label;
  const otherAt = anchor * 2 + 1 - label;
  const margin = logits[otherAt] - logits[labelAt];
  const small = Math.exp(-Math.abs(margin));
  if (gradient !== undefined) {
    const slope = (scale * (margin > 0 ? 1 : small)) / (1 + small);
    gradient[otherAt] += slope;
    gradient[labelAt] -= slope;
  }
  return Math.max(margin, 0) + Math.log1p(small);
}

/**
 * Cross-entropy of the two-class softmax, summed over anchors and divided.
 *
 * @param logits   [N, 2]: (background, face) before the softmax.
 * @param labels   Int8Array [N]: 0 background, 1 face, any other value takes no part.
 * @param divisor  what the sum is divided by: the number of positives in the multi-task loss.
 * @param gradient [N, 2]: overwritten with the gradient of the returned value.
 * @returns the sum over anchors, over `divisor`.
 * @throws {ShapeError} if the lengths do not fit one N.
 * @throws {ProtocolError} if the divisor is not above 0.
 * Cost: O(N), allocates nothing.
 */
export function softmaxCrossEntropy(
  logits: FloatArray,
  labels: Int8Array,
  divisor: number,
  gradient: FloatArray,
): number {
  if (logits.length !== labels.length * 2 || gradient.length !== logits.length) {
    throw new ShapeError(
      `softmaxCrossEntropy: expected logits and gradient [${labels.length}, 2] for ${labels.length} labels, got lengths ${logits.length} and ${gradient.length}`,
    );
  }
  assertDivisor('softmaxCrossEntropy', divisor);
  gradient.fill(0);
  let sum = 0;
  for (let anchor = 0; anchor < labels.length; anchor++) {
    const label = labels[anchor];
    if (label === 0 || label === 1) sum += addSoftmaxCrossEntropy(logits, anchor, label, 1 / divisor, gradient);
  }
  return sum / divisor;
}

/** @throws {ProtocolError} if `divisor` is not a finite number above 0: a loss over no positives is divided by 1. */
export function assertDivisor(place: string, divisor: number): void {
  if (!(divisor > 0 && Number.isFinite(divisor))) {
    throw new ProtocolError(`${place}: divisor: expected a finite number above 0, got ${divisor}`);
  }
}
