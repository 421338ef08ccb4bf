import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { decodeImage, loadDetector } from '@retinabench/backends';
import { boxIou } from '@retinabench/core';
import { resolveModel } from '@retinabench/models/node';
import { describe, expect, test } from 'vitest';

const shared = path.resolve(import.meta.dirname, '../../../..', process.env.RETINABENCH_SHARED ?? '../shared');
const golden = path.join(shared, 'golden/detections/retinaface-mnet025-original.jsonl.gz');
const images = path.join(shared, 'datasets/wider/WIDER_val/images');

interface GoldenImage {
  readonly image: string;
  readonly width: number;
  readonly height: number;
  /** Detections that the reference kept, those below 0.1 included. */
  readonly kept: number;
  /** x1 y1 x2 y2 score, then five landmarks. */
  readonly detections: readonly (readonly number[])[];
}

/** Images of the reference run, evenly spread; the whole of it is compared by the command in docs/test-time-protocol.md. */
const sampled = 12;

describe.skipIf(!existsSync(golden))('RetinaFace MobileNet-0.25 on WIDER FACE (needs the shared data folder)', () => {
  test(`finds what the reference implementation finds, on ${sampled} images`, async () => {
    const lines = gunzipSync(readFileSync(golden)).toString().trim().split('\n');
    const step = Math.floor(lines.length / sampled);
    const { detector, dispose } = await loadDetector(
      await resolveModel('retinaface-mnet025'),
      'ort-node',
      {},
      { threads: 1 },
    );
    for (let index = 0; index < sampled; index++) {
      const expected = JSON.parse(lines[index * step]) as GoldenImage;
      const pixels = await decodeImage(path.join(images, expected.image), expected.image);
      expect([pixels.widthPx, pixels.heightPx]).toEqual([expected.width, expected.height]);
      const { count, boxesXyxy, scores, landmarks } = await detector.detect(pixels);
      expect(count, expected.image).toBe(expected.kept);
      expected.detections.forEach(([x1, y1, x2, y2, score, ...points], rank) => {
        // Best first in both; the file holds four decimals of a box, seven of a score.
        expect(Math.abs(scores[rank] - score)).toBeLessThan(1e-5);
        expect(boxIou(boxesXyxy, rank, Float64Array.of(x1, y1, x2, y2), 0, 0)).toBeGreaterThan(0.999);
        points.forEach((point, at) => {
          expect(Math.abs((landmarks?.[rank * 10 + at] ?? Number.NaN) - point)).toBeLessThan(0.01);
        });
      });
    }
    await dispose();
  });
});
