import { ShapeError } from '../errors.js';
import type { Matches } from './match.js';

/**
 * Positive anchors by the level of the feature pyramid that they lie on.
 *
 * @param faceOfAnchor   Int32Array [N] as match writes it.
 * @param anchorsOfLevel anchors of each level, in output order.
 * @throws {ShapeError} if the levels do not add up to N.
 */
export function positivesByLevel(faceOfAnchor: Int32Array, anchorsOfLevel: readonly number[]): number[] {
  const expected = anchorsOfLevel.reduce((sum, anchors) => sum + anchors, 0);
  if (expected !== faceOfAnchor.length) {
    throw new ShapeError(`positivesByLevel: expected ${expected} anchors in the levels, got ${faceOfAnchor.length}`);
  }
  let from = 0;
  return anchorsOfLevel.map((anchors) => {
    let positives = 0;
    for (let anchor = from; anchor < from + anchors; anchor++) if (faceOfAnchor[anchor] >= 0) positives++;
    from += anchors;
    return positives;
  });
}

/** Positive anchors of each face. */
export function positivesByFace({ faceOfAnchor, bestIouOfFace }: Matches): Int32Array {
  const positives = new Int32Array(bestIouOfFace.length);
  for (const face of faceOfAnchor) if (face >= 0) positives[face]++;
  return positives;
}
