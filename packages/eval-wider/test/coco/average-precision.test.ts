import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cocoAp } from '../../src/coco/average-precision.js';
import { alignDetections } from '../../src/predictions/align.js';
import { buildGroundTruth } from '../build-ground-truth.js';
import { type DetectionRow, face, predictionsOf } from '../synthetic.js';

interface Golden {
  readonly input: {
    readonly images: readonly {
      readonly name: string;
      /** x, y, w, h, and 1 where the face counts. */
      readonly faces: readonly (readonly number[])[];
      readonly detections: readonly DetectionRow[];
    }[];
  };
  readonly expected: { readonly ap: number; readonly ap50: number; readonly ap75: number };
}

describe('cocoAp', () => {
  it('equals pycocotools without its limit of 100 detections', () => {
    const golden: Golden = JSON.parse(readFileSync(new URL('../golden/coco-ap.json', import.meta.url), 'utf8'));
    const { images } = golden.input;
    const groundTruth = buildGroundTruth(
      images.map(({ name, faces }) => ({
        name,
        faces: faces.map((row) => face(row.slice(0, 4), row[4] === 1 ? ['hard'] : [])),
      })),
      'golden',
    );
    const predictions = predictionsOf(Object.fromEntries(images.map(({ name, detections }) => [name, detections])));
    expect(Math.max(...images.map(({ detections }) => detections.length))).toBeGreaterThan(100);
    const [hard, easy] = cocoAp(groundTruth, alignDetections(groundTruth, predictions, 'score'), [
      groundTruth.counted.hard,
      groundTruth.counted.easy,
    ]);
    for (const key of ['ap', 'ap50', 'ap75'] as const) expect(hard?.[key]).toBeCloseTo(golden.expected[key], 12);
    expect(easy).toBeUndefined();
  });

  it('passes a detection on to its next best face, where WIDER FACE makes it a false positive', () => {
    // Faces 20 x 20 at x = 0 and 4; detections at 0 and 1 with IoU 1 and 0.905 to the first, 0.739 of the second to the other.
    const groundTruth = buildGroundTruth(
      [{ name: 'e/a', faces: [face([0, 0, 20, 20]), face([4, 0, 20, 20])] }],
      'test',
    );
    const predictions = predictionsOf({
      'e/a': [
        [0, 0, 20, 20, 0.9],
        [1, 0, 20, 20, 0.8],
      ],
    });
    const [result] = cocoAp(groundTruth, alignDetections(groundTruth, predictions, 'score'), [
      groundTruth.counted.hard,
    ]);
    // Recall 1 at precision 1 up to IoU 0.7 (17 / 23 = 0.739); above, recall 1/2: 51 of 101 recall points.
    expect(result?.ap50).toBe(1);
    expect(result?.ap75).toBeCloseTo(51 / 101, 12);
  });
});
