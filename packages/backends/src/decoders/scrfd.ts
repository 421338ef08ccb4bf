import type { CardDecoder } from '@retinabench/models';
import { type Decoder, outputMatrix } from './decoder.js';

/**
 * The decoder of SCRFD: per stride, sigmoid scores, the distances from the cell's corner to the four sides of the box,
 * and landmark offsets, all in strides.
 *
 * Source: arXiv:2105.04714; the public InsightFace detector (distance2bbox, distance2kps).
 */
export function scrfdDecoder(card: Extract<CardDecoder, { kind: 'scrfd' }>): Decoder {
  return (outputs, scoreFloor, candidates) => {
    for (const level of card.levels) {
      const { stride, anchorsPerCell } = level;
      const columns = Math.ceil(outputs.inputWidthPx / stride);
      const count = columns * Math.ceil(outputs.inputHeightPx / stride) * anchorsPerCell;
      const scores = outputMatrix(outputs, level.scores, count, 1);
      const distances = outputMatrix(outputs, level.boxes, count, 4);
      const landmarks = level.landmarks && outputMatrix(outputs, level.landmarks, count, 10);
      for (let index = 0; index < count; index++) {
        if (scores[index] <= scoreFloor) continue;
        const cell = Math.floor(index / anchorsPerCell);
        const x = (cell % columns) * stride;
        const y = Math.floor(cell / columns) * stride;
        const row = candidates.reserve(1);
        candidates.scoreBuffer[row] = scores[index];
        const box = candidates.boxBuffer;
        box[row * 4] = x - distances[index * 4] * stride;
        box[row * 4 + 1] = y - distances[index * 4 + 1] * stride;
        box[row * 4 + 2] = x + distances[index * 4 + 2] * stride;
        box[row * 4 + 3] = y + distances[index * 4 + 3] * stride;
        if (landmarks) {
          for (let k = 0; k < 10; k += 2) {
            candidates.landmarkBuffer[row * 10 + k] = x + landmarks[index * 10 + k] * stride;
            candidates.landmarkBuffer[row * 10 + k + 1] = y + landmarks[index * 10 + k + 1] * stride;
          }
        }
        candidates.count++;
      }
    }
  };
}
