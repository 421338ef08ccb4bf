import { descendingOrder, faceCrop, nms, OverlapGrid, softNms, voteBoxes } from '@retinabench/core';
import type { DenseFrame } from '@retinabench/models';
import type { Candidates } from '../decoders/candidates.js';
import type { DenseDetections, Detections } from './detections.js';
import type { DetectionProtocol } from './protocol.js';

/** Memory of one detector's suppression, grown to the most crowded image. */
export class Suppressor {
  #keep = new Int32Array(0);
  #boxes = new Float32Array(0);
  #scores = new Float32Array(0);
  readonly #grid = new OverlapGrid();
  readonly #protocol: DetectionProtocol;
  readonly #denseFrame: DenseFrame;

  /** @param denseFrame of the card, where there is a dense head. */
  constructor(protocol: DetectionProtocol, denseFrame: DenseFrame = 'anchor') {
    this.#protocol = protocol;
    this.#denseFrame = denseFrame;
  }

  /** The candidates that remain after top-k, suppression and keep-top-k, in fresh arrays, best first. */
  run(candidates: Candidates): Detections {
    const { topK, keepTopK } = this.#protocol;
    const best = topK > 0 && candidates.count > topK ? bestOf(candidates, topK) : undefined;
    const boxes = best?.boxesXyxy ?? candidates.boxesXyxy;
    const scores = best?.scores ?? candidates.scores;
    this.#grow(scores.length);
    const suppressed = this.#suppress(boxes, scores);
    const count = keepTopK > 0 ? Math.min(keepTopK, suppressed.count) : suppressed.count;
    const landmarks = candidates.hasLandmarks ? new Float32Array(count * 10) : undefined;
    const { denseValues, pointValues } = candidates;
    const points = pointValues > 0 ? new Float32Array(count * pointValues) : undefined;
    const dense = denseValues > 0 ? emptyDense(count, denseValues) : undefined;
    const result = { count, boxesXyxy: new Float32Array(count * 4), scores: new Float32Array(count) };
    for (let rank = 0; rank < count; rank++) {
      const index = this.#keep[rank];
      const box =
        suppressed.boxes === undefined
          ? boxes.subarray(index * 4, index * 4 + 4)
          : suppressed.boxes.subarray(rank * 4, rank * 4 + 4);
      result.boxesXyxy.set(box, rank * 4);
      result.scores[rank] = suppressed.scores === undefined ? scores[index] : suppressed.scores[rank];
      const row = best === undefined ? index : best.rows[index];
      landmarks?.set(candidates.landmarks.subarray(row * 10, row * 10 + 10), rank * 10);
      points?.set(candidates.points.subarray(row * pointValues, (row + 1) * pointValues), rank * pointValues);
      if (dense) this.#copyDense(candidates, row, dense, rank);
    }
    return {
      ...result,
      ...(landmarks && { landmarks }),
      ...(points && { points: { perFace: pointValues / 2, xy: points } }),
      ...(dense && { dense }),
    };
  }

  /** The dense numbers of a candidate, with the square that its camera looks at. */
  #copyDense(candidates: Candidates, row: number, dense: DenseDetections, rank: number): void {
    const { denseValues } = candidates;
    const anchor = candidates.anchorsXyxy.subarray(row * 4, row * 4 + 4);
    dense.parameters.set(candidates.dense.subarray(row * denseValues, (row + 1) * denseValues), rank * denseValues);
    dense.anchorsXyxy.set(anchor, rank * 4);
    if (this.#denseFrame === 'anchor') {
      dense.squaresXyxy.set(anchor, rank * 4);
      return;
    }
    // The candidate's own box and landmarks, not what voting makes of them: the head saw these.
    const frame = faceCrop(
      candidates.boxesXyxy.subarray(row * 4, row * 4 + 4),
      candidates.landmarks.subarray(row * 10, row * 10 + 10),
    );
    const { centreX, centreY, sidePx, roll } = frame;
    const half = anchor[0] > anchor[2] ? -sidePx / 2 : sidePx / 2;
    dense.squaresXyxy.set([centreX - half, centreY - sidePx / 2, centreX + half, centreY + sidePx / 2], rank * 4);
    dense.rolls[rank] = roll;
  }

  /** Fills `#keep`; `boxes` and `scores` are given, in the order of `#keep`, where suppression changes them. */
  #suppress(boxes: Float32Array, scores: Float32Array): { count: number; boxes?: Float32Array; scores?: Float32Array } {
    const { suppression, nmsIou, nmsConvention: convention, scoreFloor } = this.#protocol;
    switch (suppression) {
      case 'none':
        this.#keep.set(descendingOrder(scores).subarray(0, scores.length));
        return { count: scores.length };
      case 'nms':
        return { count: nms(boxes, scores, { iouThreshold: nmsIou, convention }, this.#keep, this.#grid) };
      case 'soft-nms': {
        const decay = { rule: 'linear', iouThreshold: nmsIou } as const;
        return {
          count: softNms(boxes, scores, { decay, convention, scoreFloor }, this.#keep, this.#scores),
          scores: this.#scores,
        };
      }
      case 'vote': {
        const options = { iouThreshold: nmsIou, convention, minimumVotes: 1 } as const;
        return { count: voteBoxes(boxes, scores, options, this.#keep, this.#boxes, this.#grid), boxes: this.#boxes };
      }
    }
  }

  #grow(count: number): void {
    if (this.#keep.length >= count) return;
    this.#keep = new Int32Array(count);
    this.#boxes = new Float32Array(count * 4);
    this.#scores = new Float32Array(count);
  }
}

function emptyDense(count: number, values: number): DenseDetections {
  return {
    parameters: new Float32Array(count * values),
    anchorsXyxy: new Float32Array(count * 4),
    squaresXyxy: new Float32Array(count * 4),
    rolls: new Float32Array(count),
  };
}

/** The `limit` best candidates, best first, with the row that each came from. */
function bestOf(
  candidates: Candidates,
  limit: number,
): { boxesXyxy: Float32Array; scores: Float32Array; rows: Uint32Array } {
  const rows = descendingOrder(candidates.scores).slice(0, limit);
  const boxesXyxy = new Float32Array(limit * 4);
  const scores = new Float32Array(limit);
  rows.forEach((row, rank) => {
    boxesXyxy.set(candidates.boxesXyxy.subarray(row * 4, row * 4 + 4), rank * 4);
    scores[rank] = candidates.scores[row];
  });
  return { boxesXyxy, scores, rows };
}
