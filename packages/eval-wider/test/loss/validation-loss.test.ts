import { readFileSync } from 'node:fs';
import type { ImageHeads } from '@retinabench/backends';
import { anchorPresets, DatasetError, generateAnchors, multiTaskPresets, seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import type { WiderGroundTruth } from '../../src/ground-truth/ground-truth.js';
import { lossOptions, lossSettings } from '../../src/loss/loss-settings.js';
import { ValidationLoss } from '../../src/loss/validation-loss.js';
import { groundTruthFromJson } from '../json-ground-truth.js';
import { shared, sharedIsAbsent } from '../shared-data.js';

const layout = anchorPresets.mnet025;
const options = lossOptions('mnet', [0.1, 0.2]);

interface Face {
  readonly box: readonly number[];
  readonly landmarks?: readonly (readonly number[])[];
}

function annotate(images: readonly (readonly Face[])[]): WiderGroundTruth {
  const labels = { blur: 0, expression: 0, illumination: 0, occlusion: 0, pose: 0, invalid: 0, splits: ['hard'] };
  return groundTruthFromJson(
    JSON.stringify({
      version: 1,
      images: images.map((faces, index) => ({
        name: `a/${index}`,
        faces: faces.map((face) => ({ ...face, ...labels })),
      })),
    }),
    'faces.json',
  );
}

/** Heads of an input of the given sides whose values come from `draw`. */
function heads(sidePx: number, draw: () => number, scale = 1): ImageHeads {
  const anchors = generateAnchors(layout, sidePx, sidePx);
  const rows = anchors.length / 4;
  const values = (length: number): Float32Array => Float32Array.from({ length }, draw);
  const frame = {
    widthPx: sidePx,
    heightPx: sidePx,
    inputWidthPx: sidePx,
    inputHeightPx: sidePx,
    offsetXPx: 0,
    offsetYPx: 0,
    scaleX: scale,
    scaleY: scale,
    mirror: false,
  };
  return { frame, anchors, logits: values(rows * 2), boxes: values(rows * 4), landmarks: values(rows * 10) };
}

describe('ValidationLoss', () => {
  it('counts positives by level and by height of the face', () => {
    // Input 64 x 64. Face [0, 0, 16, 16] has side 16 and centre (8, 8): half a stride 8 off the four 16-px anchors at
    // (4, 4), (12, 4), (4, 12), (12, 12), IoU 12 * 12 / (512 - 144) = 0.391 > 0.35 each; the 32-px anchors around it:
    // at (4, 4) 256 / 1024 = 0.25. Face [24, 24, 40, 40] at (44, 44): the 32-px anchors at (44, 44): 1024 / 1600 = 0.64,
    // and of its neighbours those wholly inside it, up to 4 px off: none but itself; at 8 px off in one axis
    // [28, 60] against [24, 64] is (44, 44); (36, 44): x 20..52, overlap 28 x 32 = 896, 896 / 1728 = 0.519; (52, 44)
    // alike; both axes: 28 * 28 / (2624 - 784) = 0.426; 16 px off one axis: 20 * 32 / (2624 - 640) = 0.323. So 9 at
    // stride 8. The 64-px anchors of stride 16 at (40, 40): x 8..72, 1600 / 4096 = 0.391 > 0.35; (56, 40): x 24..88
    // holds it too: 0.391; (40, 56) and (56, 56) alike; (24, 40): x -8..56, overlap 32 x 40: 1280 / 4416 = 0.29. So 4.
    const groundTruth = annotate([[{ box: [0, 0, 16, 16] }, { box: [24, 24, 40, 40] }, { box: [5, 5, 0, 9] }]]);
    const loss = new ValidationLoss(layout, options);
    loss.add(
      heads(64, () => 0),
      groundTruth,
      0,
    );
    const result = loss.result();
    expect(result.byLevel).toEqual([
      { stride: 8, positives: 13 },
      { stride: 16, positives: 4 },
      { stride: 32, positives: 0 },
    ]);
    expect(result.positives).toBe(17);
    const bins = Object.fromEntries(result.byHeight.map(({ bin, ...counts }) => [bin, counts]));
    expect(bins['16-32']).toEqual({ faces: 1, positives: 4, matched: 1, claimed: 0, without: 0 });
    expect(bins['32-64']).toEqual({ faces: 1, positives: 13, matched: 1, claimed: 0, without: 0 });
    expect(bins['<16']).toEqual({ faces: 0, positives: 0, matched: 0, claimed: 0, without: 0 });
    // Logits 0: ln 2 each for the 17 positives and for 7 x 17 = 119 of the 168 - 17 others.
    expect(result.negatives).toBe(119);
    expect(result.loss.classification).toBeCloseTo((Math.LN2 * (17 + 119)) / 17, 9);
    expect(result.loss.landmark).toBe(0);
  });

  it('shows faces that only claim an anchor, and those that none answers for', () => {
    // [2, 2, 9, 9] in the 16-px anchor at (4, 4): 81 / 256 = 0.316, a claim. [30, 30, 5, 5]: 25 / 256 < 0.2, nothing.
    const groundTruth = annotate([[{ box: [2, 2, 9, 9] }, { box: [30, 30, 5, 5] }]]);
    const loss = new ValidationLoss(layout, options);
    loss.add(
      heads(64, () => 0),
      groundTruth,
      0,
    );
    expect(loss.result().byHeight[0]).toEqual({
      bin: '<16',
      faces: 2,
      positives: 1,
      matched: 0,
      claimed: 1,
      without: 1,
    });
  });

  it('carries annotations into the input, and bins faces by their height in the image', () => {
    // The face of 8 px at scale 2 is the one of 16 px above.
    const groundTruth = annotate([[{ box: [0, 0, 8, 8] }]]);
    const loss = new ValidationLoss(layout, options);
    loss.add(
      heads(64, () => 0, 2),
      groundTruth,
      0,
    );
    const result = loss.result();
    expect(result.positives).toBe(4);
    expect(result.byHeight[0].positives).toBe(4);
  });

  it('depends neither on the order of the images nor on images without faces', () => {
    const landmarks = [
      [12, 12],
      [20, 12],
      [16, 16],
      [12, 20],
      [20, 20],
    ];
    const groundTruth = annotate([[{ box: [8, 8, 16, 20], landmarks }], [{ box: [20, 20, 40, 40] }], []]);
    const run = (order: readonly number[]) => {
      const loss = new ValidationLoss(layout, options);
      for (const image of order) {
        const random = seededRandom(image);
        loss.add(
          heads(64, () => 4 * random() - 2),
          groundTruth,
          image,
        );
      }
      return loss.result().loss;
    };
    const forward = run([0, 1]);
    const backward = run([2, 1, 0]);
    for (const term of ['total', 'classification', 'box', 'landmark'] as const) {
      expect(backward[term]).toBeCloseTo(forward[term], 10);
    }
    expect(forward.landmark).toBeGreaterThan(0);
  });

  it('has no number where no anchor is positive', () => {
    const loss = new ValidationLoss(layout, options);
    loss.add(
      heads(64, () => 0),
      annotate([[]]),
      0,
    );
    expect(() => loss.result()).toThrow(DatasetError);
  });

  it('states every setting that changes its value', () => {
    expect(lossSettings(lossOptions('paper', [0.1, 0.2]))).toEqual({
      positiveIou: 0.5,
      negativeIou: 0.3,
      iouEquality: 'above',
      claimIou: 0,
      takeover: 'claimants',
      negativesPerPositive: 3,
      minimumNegatives: 0,
      variances: [0.1, 0.2],
      beta: 1,
      weightClassification: 1,
      weightBox: 0.25,
      weightLandmark: 0.1,
      landmarkDivisor: 'positives',
    });
    expect(multiTaskPresets.mnet.weights.box).toBe(2);
  });
});

describe.skipIf(sharedIsAbsent)('ValidationLoss (skips without the shared data folder)', () => {
  it('gives the losses of the public training code, image by image what it computes as a batch', () => {
    const folder = shared('golden/loss');
    const reference = JSON.parse(readFileSync(`${folder}/reference.json`, 'utf8')) as {
      targets: number[][][];
      losses: Record<'cls' | 'box' | 'landmark' | 'total', number>;
    };
    const anchors = generateAnchors(layout, 640, 640);
    const rows = anchors.length / 4;
    const read = (name: string, image: number, width: number): Float32Array => {
      const bytes = readFileSync(`${folder}/${name}`);
      const data = bytes.subarray(10 + bytes.readUInt16LE(8) + image * rows * width * 4);
      return new Float32Array(Uint8Array.from(data.subarray(0, rows * width * 4)).buffer);
    };
    const groundTruth = annotate(
      reference.targets.map((faces) =>
        faces.map((row) => {
          const [x1, y1, x2, y2] = row.map((value) => value * 640);
          const points = [4, 6, 8, 10, 12].map((at) => [row[at] * 640, row[at + 1] * 640]);
          const box = [x1, y1, x2 - x1, y2 - y1];
          return row[14] === -1 ? { box } : { box, landmarks: points };
        }),
      ),
    );
    const loss = new ValidationLoss(layout, options);
    for (const image of [0, 1]) {
      const { frame } = heads(640, () => 0);
      const values = {
        logits: read('conf.npy', image, 2),
        boxes: read('loc.npy', image, 4),
        landmarks: read('landms.npy', image, 10),
      };
      loss.add({ frame, anchors, ...values }, groundTruth, image);
    }
    const { loss: found, positives } = loss.result();
    expect(positives).toBe(409);
    expect(Math.abs(found.classification / reference.losses.cls - 1)).toBeLessThan(1e-5);
    expect(Math.abs(found.box / reference.losses.box - 1)).toBeLessThan(1e-5);
    expect(Math.abs(found.landmark / reference.losses.landmark - 1)).toBeLessThan(1e-5);
    expect(Math.abs(found.total / reference.losses.total - 1)).toBeLessThan(1e-5);
  });
});
