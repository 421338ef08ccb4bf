import { ShapeError } from '../errors.js';
import type { Matches } from './match.js';

/** Positive anchors by the level of the feature pyramid that they lie on. */
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

/** Positive anchors by face. */
export function positivesByFace({ faceOfAnchor, bestIouOfFace }: Matches): Int32Array {
  const positives = new Int32Array(bestIouOfFace.length);
  for (const face of faceOfAnchor) if (face >= 0) positives[face]++;
  return positives;
}
