import { DatasetError } from '@retinabench/core';
import type { ReadingContext } from '../reading/reading.js';
import type { Predictions } from '../set/predictions.js';
import { PredictionsBuilder } from '../set/predictions-builder.js';
import { type ByteSource, openSource } from '../source/open-source.js';
import { readLines } from '../source/read-lines.js';

/**
 * Read detections of the VOC devkit (`comp4_det_test_face.txt`): a line `image score xmin ymin xmax ymax` each. Corners are
 * counted from 1 and the last pixel belongs to the box, as the devkit has it, unless told otherwise.
 *
 * @throws {DatasetError} with the line, if one is malformed.
 * Cost: O(bytes).
 */
export function readVocDetections(file: string, context: ReadingContext): Predictions {
  const source = openSource(file);
  try {
    return readDetectionRows(source, context);
  } finally {
    source.close();
  }
}

/** As `readVocDetections`, from any source of bytes. */
export function readDetectionRows(source: ByteSource, context: ReadingContext): Predictions {
  const corners = context.corners ?? 'one-based';
  context.told('corners', corners);
  const first = corners === 'one-based' ? 1 : 0;
  const last = corners === 'continuous' ? 0 : 1;
  const builder = new PredictionsBuilder({
    negativeSizes: context.negativeSizes ?? 'refuse',
    keepFlag: `${context.flag('negativeSizes')} keep`,
  });
  const decoder = new TextDecoder();
  readLines(
    source,
    (bytes, start, end, line) => {
      const text = decoder.decode(bytes.subarray(start, end)).trim();
      if (text === '') return;
      const where = `${source.place}:${line}`;
      const [, name, ...rest] = /^(.*\S)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)$/s.exec(text) ?? [];
      const numbers = rest.map(Number);
      if (name === undefined || !numbers.every(Number.isFinite)) {
        throw new DatasetError(
          `${where}: expected "image score xmin ymin xmax ymax", got ${JSON.stringify(text.slice(0, 80))}; correct the line`,
        );
      }
      const [score, left, top, right, bottom] = numbers;
      const image = builder.image(name, where);
      builder.add(image, left - first, top - first, right - left + last, bottom - top + last, score, () => where);
    },
    (bytes) => context.onRead?.(bytes, source.sizeBytes),
  );
  return builder.build();
}
