import { boxIou, descendingOrder, nms } from '@retinabench/core';
import type { ImageFeatures } from './feature-network.js';

/** An anchor that the network holds for a face, and the detection that it belongs to. */
export interface PositiveAnchor {
  readonly anchor: number;
  /** The anchor whose detection survives suppression; its landmarks are the face's. */
  readonly best: number;
}

/** What counts as a positive anchor. */
export interface PositiveRule {
  /** Least score of the detection that survives, and of every anchor. */
  readonly score: number;
  /** Least height of the surviving box, in pixels of the input. */
  readonly heightPx: number;
  /** Least IoU of an anchor's own box with the surviving one. */
  readonly boxIou: number;
  /** Most anchors a face, the surviving one among them. */
  readonly perFace: number;
}

/**
 * The positive anchors of an image: for each surviving detection its own anchor, and others that see the same face, drawn
 * at random.
 *
 * @param random uniform in [0, 1).
 */
export function positiveAnchors(features: ImageFeatures, rule: PositiveRule, random: () => number): PositiveAnchor[] {
  const { scores, boxesXyxy } = features;
  const candidates = descendingOrder(scores)
    .subarray(0, scores.length)
    .filter((anchor) => scores[anchor] >= rule.score);
  const boxes = new Float32Array(candidates.length * 4);
  candidates.forEach((anchor, rank) => {
    boxes.set(boxesXyxy.subarray(anchor * 4, anchor * 4 + 4), rank * 4);
  });
  const chosen = Float32Array.from(candidates, (anchor) => scores[anchor]);
  const keep = new Int32Array(candidates.length);
  const count = nms(boxes, chosen, { iouThreshold: 0.4, convention: 'continuous' }, keep);
  const found: PositiveAnchor[] = [];
  for (let rank = 0; rank < count; rank++) {
    const kept = keep[rank];
    if (boxes[kept * 4 + 3] - boxes[kept * 4 + 1] < rule.heightPx) continue;
    const best = candidates[kept];
    found.push({ anchor: best, best });
    const others = Array.from(candidates).filter(
      (anchor, at) => anchor !== best && boxIou(boxes, at, boxes, kept, 0) >= rule.boxIou,
    );
    for (let more = 1; more < rule.perFace && others.length > 0; more++) {
      found.push({ anchor: others.splice(Math.floor(random() * others.length), 1)[0], best });
    }
  }
  return found;
}
