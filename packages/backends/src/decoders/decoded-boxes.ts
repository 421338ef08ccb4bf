import { ShapeError } from '@retinabench/core';
import type { CardDecoder } from '@retinabench/models';
import { type Decoder, outputMatrix, type PassOutputs } from './decoder.js';

/**
 * The decoder of networks whose graph decodes its boxes itself: corners as fractions of the input beside two class
 * probabilities (`corners`, UltraFace), or corners in input pixels beside one score (`boxes`).
 */
export function decodedBoxesDecoder(card: Extract<CardDecoder, { kind: 'corners' | 'boxes' }>): Decoder {
  const classes = card.kind === 'corners' ? 2 : 1;
  return (outputs, scoreFloor, candidates) => {
    const count = rowsOf(outputs, card.outputs.boxes);
    const scores = outputMatrix(outputs, card.outputs.scores, count, classes);
    const boxes = outputMatrix(outputs, card.outputs.boxes, count, 4);
    const scaleX = card.kind === 'corners' ? outputs.inputWidthPx : 1;
    const scaleY = card.kind === 'corners' ? outputs.inputHeightPx : 1;
    for (let index = 0; index < count; index++) {
      const score = scores[index * classes + classes - 1];
      if (score <= scoreFloor) continue;
      const row = candidates.reserve(1);
      candidates.scoreBuffer[row] = score;
      const box = candidates.boxBuffer;
      box[row * 4] = boxes[index * 4] * scaleX;
      box[row * 4 + 1] = boxes[index * 4 + 1] * scaleY;
      box[row * 4 + 2] = boxes[index * 4 + 2] * scaleX;
      box[row * 4 + 3] = boxes[index * 4 + 3] * scaleY;
      candidates.count++;
    }
  };
}

function rowsOf(outputs: PassOutputs, name: string): number {
  const length = outputs.tensors[name]?.data.length ?? 0;
  if (length % 4 !== 0) {
    throw new ShapeError(
      `${outputs.place}: output ${name}: expected [1, N, 4], got ${length} numbers; correct the card`,
    );
  }
  return length / 4;
}
