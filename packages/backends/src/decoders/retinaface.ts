import { anchorPresets, cachedAnchors, decodeBox, decodeLandmark, ModelError } from '@retinabench/core';
import { type CardDecoder, denseValues } from '@retinabench/models';
import type { Candidates } from './candidates.js';
import { type Decoder, outputMatrix } from './decoder.js';

/**
 * The decoder of RetinaFace heads: the score filter comes first, and only the survivors' boxes and landmarks are
 * decoded.
 *
 * Cost: O(anchors) for the filter, O(survivors) for the rest.
 * Source: arXiv:1905.00641, sections 3.1 and 4.2; the public script keeps score > floor.
 */
export function retinafaceDecoder(card: Extract<CardDecoder, { kind: 'retinaface' }>): Decoder {
  const anchorsOf = cachedAnchors(anchorPresets[card.anchors]);
  const { variances } = card;
  return (outputs, scoreFloor, candidates) => {
    const anchors = anchorsOf(outputs.inputWidthPx, outputs.inputHeightPx);
    const count = anchors.length / 4;
    const classes = outputMatrix(outputs, card.outputs.scores, count, 2);
    const boxes = outputMatrix(outputs, card.outputs.boxes, count, 4);
    const landmarks = card.outputs.landmarks && outputMatrix(outputs, card.outputs.landmarks, count, 10);
    const dense = card.outputs.dense && outputMatrix(outputs, card.outputs.dense, count, denseValues);
    const survivors = card.softmaxApplied
      ? filterProbabilities(classes, scoreFloor)
      : filterLogits(classes, scoreFloor);
    const first = candidates.reserve(survivors.count);
    for (let rank = 0; rank < survivors.count; rank++) {
      const index = survivors.indices[rank];
      candidates.scoreBuffer[first + rank] = survivors.scores[rank];
      decodeBox(boxes, anchors, index, variances, candidates.boxBuffer, first + rank);
      if (landmarks) decodeLandmark(landmarks, anchors, index, variances, candidates.landmarkBuffer, first + rank);
      if (dense) copyDense(dense, anchors, index, candidates, first + rank);
    }
    candidates.count += survivors.count;
    if (survivors.sawNaN) {
      throw new ModelError(
        `${outputs.place}: output ${card.outputs.scores} holds NaN; expected scores: the model or the backend is broken, compare backends with retinabench parity`,
      );
    }
  };
}

/** The dense numbers of an anchor, and the anchor as corners. */
function copyDense(
  dense: Float32Array,
  anchors: Float32Array,
  index: number,
  candidates: Candidates,
  row: number,
): void {
  candidates.denseBuffer.set(dense.subarray(index * denseValues, (index + 1) * denseValues), row * denseValues);
  const [x, y, width, height] = anchors.subarray(index * 4, index * 4 + 4);
  candidates.anchorBuffer.set([x - width / 2, y - height / 2, x + width / 2, y + height / 2], row * 4);
}

/** Anchors above the floor; its arrays are reused by the next call. */
interface Survivors {
  count: number;
  indices: Uint32Array;
  scores: Float32Array;
  sawNaN: boolean;
}

const survivors: Survivors = { count: 0, indices: new Uint32Array(0), scores: new Float32Array(0), sawNaN: false };

function prepare(anchorCount: number): Survivors {
  if (survivors.indices.length < anchorCount) {
    survivors.indices = new Uint32Array(anchorCount);
    survivors.scores = new Float32Array(anchorCount);
  }
  survivors.count = 0;
  survivors.sawNaN = false;
  return survivors;
}

function filterProbabilities(classes: Float32Array, scoreFloor: number): Survivors {
  const found = prepare(classes.length / 2);
  for (let at = 1; at < classes.length; at += 2) {
    const score = classes[at];
    if (score > scoreFloor) {
      found.indices[found.count] = at >> 1;
      found.scores[found.count++] = score;
    } else if (Number.isNaN(score)) found.sawNaN = true;
  }
  return found;
}

/** softmax(cls)[1] = 1 / (1 + exp(cls[0] - cls[1])): the exponential is taken only where the difference can pass. */
function filterLogits(classes: Float32Array, scoreFloor: number): Survivors {
  const found = prepare(classes.length / 2);
  const margin = Math.log(scoreFloor / (1 - scoreFloor)) - 1e-3;
  for (let at = 0; at < classes.length; at += 2) {
    const difference = classes[at + 1] - classes[at];
    if (difference > margin) {
      const score = Math.fround(1 / (1 + Math.exp(-difference)));
      if (!(score > scoreFloor)) continue;
      found.indices[found.count] = at >> 1;
      found.scores[found.count++] = score;
    } else if (Number.isNaN(difference)) found.sawNaN = true;
  }
  return found;
}
