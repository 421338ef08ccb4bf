import { ProtocolError, ShapeError } from '../errors.js';
import type { FloatArray } from '../mesh/float-array.js';
import { unmatched } from './match.js';

/** How many background anchors take part in the classification loss. */
export interface MiningOptions {
  /** Negatives per positive: 3 in the paper, 7 in the public MobileNet-0.25 training. */
  readonly negativesPerPositive: number;
  /**
   * Negatives taken from an image at least, if it has as many background anchors. 0, as in the public code, lets an
   * image without a positive anchor teach nothing.
   */
  readonly minimumNegatives: number;
}

/**
 * Online hard-negative mining over one image: of the background anchors, those of the largest classification loss.
 *
 * @param logits       [N, 2]: (background, face) before the softmax.
 * @param faceOfAnchor Int32Array [N] as match writes it; ignored anchors are never taken.
 * @param out          Int32Array [>= N]: receives the indices of the mined anchors, ascending.
 * @returns the number of mined anchors: negativesPerPositive times the positives, `minimumNegatives` at least, all
 * background anchors at most.
 * @throws {ShapeError} if the lengths do not fit one N.
 * @throws {ProtocolError} if a setting is negative or not finite.
 * Cost: O(N): a selection, no sort. Losses are ranked in single precision; of equal ones the first anchors are taken.
 * A NaN loss is ranked below all others.
 * Source: arXiv:1905.00641, section 4.2; Shrivastava et al., arXiv:1604.03540.
 */
export function mineHardNegatives(
  logits: FloatArray,
  faceOfAnchor: Int32Array,
  options: MiningOptions,
  out: Int32Array,
): number {
  const count = faceOfAnchor.length;
  if (logits.length !== count * 2 || out.length < count) {
    throw new ShapeError(
      `mineHardNegatives: expected logits [${count}, 2] and out of at least ${count} for ${count} anchors, got lengths ${logits.length} and ${out.length}`,
    );
  }
  const { negativesPerPositive, minimumNegatives } = options;
  if (
    !(negativesPerPositive >= 0 && minimumNegatives >= 0 && Number.isFinite(negativesPerPositive + minimumNegatives))
  ) {
    throw new ProtocolError(
      `mineHardNegatives: expected finite counts of at least 0, got ${negativesPerPositive} negatives per positive and at least ${minimumNegatives}`,
    );
  }
  // The loss of a background anchor, ln(1 + exp(face - background)), rises with the margin alone: rank by the margin.
  const margins = new Float32Array(count);
  const candidates = new Int32Array(count);
  let positives = 0;
  let background = 0;
  for (let anchor = 0; anchor < count; anchor++) {
    if (faceOfAnchor[anchor] >= 0) positives++;
    else if (faceOfAnchor[anchor] === unmatched.background) {
      margins[background] = logits[anchor * 2 + 1] - logits[anchor * 2];
      candidates[background++] = anchor;
    }
  }
  const wanted = Math.min(Math.max(Math.floor(negativesPerPositive * positives), minimumNegatives), background);
  const keys = orderedKeys(margins, background);
  const [lowest, atLowest] = selectLargest(keys, wanted);
  let mined = 0;
  let equalLeft = atLowest;
  for (let index = 0; index < background && mined < wanted; index++) {
    if (keys[index] > lowest || (keys[index] === lowest && equalLeft-- > 0)) out[mined++] = candidates[index];
  }
  return mined;
}

/** The bits of each float, made so that unsigned comparison orders them as the numbers; NaN lowest. */
function orderedKeys(values: Float32Array, count: number): Uint32Array {
  const keys = new Uint32Array(values.buffer, 0, count);
  for (let index = 0; index < count; index++) {
    const bits = keys[index];
    if (Number.isNaN(values[index])) keys[index] = 0;
    // Both zeros get the key of +0.
    else if (bits === 0x80000000) keys[index] = 0x80000000;
    else keys[index] = bits >>> 31 ? ~bits : bits | 0x80000000;
  }
  return keys;
}

/** Bits per pass of the selection, and what is left of 32 in the last. */
const passShifts = [21, 10, 0];
const passBins = 2 ** 11;

/**
 * The `wanted`-th largest key, and how many of the keys equal to it are among the `wanted` largest: a radix selection
 * from the upper bits down, each pass over the keys that share the bits found so far.
 */
function selectLargest(keys: Uint32Array, wanted: number): [key: number, atKey: number] {
  if (wanted === 0) return [0xffffffff, 0];
  const histogram = new Uint32Array(passBins);
  let prefix = 0;
  let prefixMask = 0;
  let left = wanted;
  for (const shift of passShifts) {
    histogram.fill(0);
    for (let index = 0; index < keys.length; index++) {
      if ((keys[index] & prefixMask) >>> 0 === prefix) histogram[(keys[index] & ~prefixMask) >>> shift]++;
    }
    let bin = passBins - 1;
    while (histogram[bin] < left) left -= histogram[bin--];
    prefix = (prefix | (bin << shift)) >>> 0;
    prefixMask = -1 << shift;
  }
  return [prefix, left];
}
