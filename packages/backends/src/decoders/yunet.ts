import type { CardDecoder } from '@retinabench/models';
import { type Decoder, outputMatrix } from './decoder.js';

/**
 * The decoder of YuNet: per stride one point a cell; the score is the geometric mean of classification and objectness.
 *
 * Source: Wu et al., "YuNet: A tiny millisecond-level face detector" (2023); OpenCV's FaceDetectorYN.
 */
export function yunetDecoder(card: Extract<CardDecoder, { kind: 'yunet' }>): Decoder {
  return (outputs, scoreFloor, candidates) => {
    for (const level of card.levels) {
      const { stride } = level;
      const columns = Math.ceil(outputs.inputWidthPx / stride);
      const count = columns * Math.ceil(outputs.inputHeightPx / stride);
      const classification = outputMatrix(outputs, level.classification, count, 1);
      const objectness = outputMatrix(outputs, level.objectness, count, 1);
      const offsets = outputMatrix(outputs, level.boxes, count, 4);
      const landmarks = outputMatrix(outputs, level.landmarks, count, 10);
      for (let index = 0; index < count; index++) {
        const score = Math.sqrt(clampUnit(classification[index]) * clampUnit(objectness[index]));
        if (score <= scoreFloor) continue;
        const x = index % columns;
        const y = Math.floor(index / columns);
        const row = candidates.reserve(1);
        candidates.scoreBuffer[row] = score;
        const width = Math.exp(offsets[index * 4 + 2]) * stride;
        const height = Math.exp(offsets[index * 4 + 3]) * stride;
        const x1 = (x + offsets[index * 4]) * stride - width / 2;
        const y1 = (y + offsets[index * 4 + 1]) * stride - height / 2;
        candidates.boxBuffer.set([x1, y1, x1 + width, y1 + height], row * 4);
        for (let k = 0; k < 10; k += 2) {
          candidates.landmarkBuffer[row * 10 + k] = (x + landmarks[index * 10 + k]) * stride;
          candidates.landmarkBuffer[row * 10 + k + 1] = (y + landmarks[index * 10 + k + 1]) * stride;
        }
        candidates.count++;
      }
    }
  };
}

function clampUnit(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}
