import { seededRandom } from '@retinabench/core';
import { expect, test } from 'vitest';
import type { SampleImage } from '../../../src/diagnosis/search/sample.js';
import { searchReadings } from '../../../src/diagnosis/search/search-readings.js';

test('a shift of large faces near the corner is found, though its votes are spread and a factor near 1 has more', () => {
  const random = seededRandom(5);
  const sample: SampleImage[] = Array.from({ length: 60 }, (_, index) => {
    const [x, y, w] = [80 * random(), 80 * random(), 120 + 80 * random()];
    // A detector that is off by up to a tenth of the side, 12 to 20 pixels, and 50 more by mistake: bins of votes have 8.
    const off = (): number => 0.2 * w * (random() - 0.5);
    return {
      name: String(index),
      facesXywh: Float64Array.of(x, y, w, 1.2 * w),
      boxes: Float64Array.of(x + 50 + off(), y + 50 + off(), w, 1.2 * w),
    };
  });
  const { reading } = searchReadings(sample).best;
  expect(reading.scale).toBe(1);
  expect(Math.abs((reading.shift?.x ?? 0) + 50)).toBeLessThan(6);
  expect(Math.abs((reading.shift?.y ?? 0) + 50)).toBeLessThan(6);
});
