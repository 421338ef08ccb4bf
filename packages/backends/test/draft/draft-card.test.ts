import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ensureMini, type WiderTruth } from '@retinabench/datasets';
import { readOnnxFile } from '@retinabench/models/node';
import { expect, test } from 'vitest';
import { ReadingTrial } from '../../src/draft/face-evidence.js';
import { type DraftImage, decodeImage, draftCard, loadBackend } from '../../src/index.js';
import { tensor } from '../fixtures/fixed-session.js';
import { sharedFolder, sharedPresent } from '../shared.js';

async function photographs(): Promise<DraftImage[]> {
  const root = await ensureMini();
  const { images } = JSON.parse(
    readFileSync(path.join(root, 'ground_truth/wider_face_val.json'), 'utf8'),
  ) as WiderTruth;
  const names = ['0--Portrait/0_Portrait_mini_04', '1--Group/1_Group_mini_05', '1--Group/1_Group_mini_10'];
  return Promise.all(
    names.map(async (name) => {
      const faces = images.find((image) => image.name === name)!.faces;
      return {
        image: await decodeImage(path.join(root, 'WIDER_val/images', `${name}.jpg`), name),
        boxesXyxy: Float32Array.from(faces.flatMap(({ box: [x, y, w, h] }) => [x, y, x + w, y + h])),
        landmarks: faces.map(({ landmarks }) => landmarks && Float32Array.from(landmarks.flat())),
      };
    }),
  );
}

test.skipIf(!sharedPresent)(
  'draftCard reads YuNet with its channels last as facts.md describes it (needs the shared data folder)',
  async () => {
    const { bytes } = await readOnnxFile(path.join(sharedFolder, 'models/other/yunet-s-nhwc.onnx'));
    const session = await (await loadBackend('ort-node')).createSession(bytes, 'yunet', { threads: 1 });
    try {
      const draft = await draftCard({
        session,
        base: { tensor: 'image', layout: 'NHWC' },
        sizes: [{ rule: 'multiple', of: 32, padValue: 0, sampling: 'whole-pixels', rounding: 'half-up' }],
        suppresses: false,
        images: await photographs(),
      });
      expect(draft.family).toBe('YuNet');
      expect(draft.normalisation.title).toBe('bgr, as it is');
      expect(draft.landmarks).toBe(true);
      expect(draft.evidence.found).toBe(draft.evidence.faces);
      const of = (name: string) => [8, 16, 32].map((stride) => `${name}_${stride}`);
      expect(draft.decoder).toMatchObject({
        geometry: { levels: [{ stride: 8 }, { stride: 16 }, { stride: 32 }], pointInCell: 0 },
        scores: { factors: [{ tensor: of('cls') }, { tensor: of('obj') }], combine: 'geometric-mean' },
        boxes: {
          from: [{ tensor: of('bbox') }],
          values: 'cx cy w h',
          position: { origin: 'point', unit: 'stride' },
          size: { unit: 'stride', activation: 'exp' },
        },
        landmarks: { from: { tensor: of('kps') }, points: 5, position: { origin: 'point', unit: 'stride' } },
      });
    } finally {
      await session.dispose();
    }
  },
  120_000,
);

test('ReadingTrial measures average precision over four thresholds, and points in sides of the face', () => {
  const decoder = {
    kind: 'composed',
    scores: { factors: [{ tensor: 's', axes: 'n' }] },
    boxes: { from: [{ tensor: 'b' }], values: 'x1 y1 x2 y2', position: { unit: 'pixels' } },
    landmarks: { from: { tensor: 'p' }, points: 5, position: { unit: 'pixels' } },
  } as const;
  const image = {
    image: { widthPx: 100, heightPx: 100, data: new Uint8Array(30_000) },
    boxesXyxy: Float32Array.of(0, 0, 10, 10, 50, 50, 60, 60),
    landmarks: [Float32Array.of(2, 2, 8, 2, 5, 5, 3, 8, 7, 8), undefined],
  };
  // The frame is the image itself. First detection: a false one. Second: face 0 shifted by 1 pixel, IoU 90 / 110 = 0.818.
  // Third: face 1 shifted by 3 pixels, IoU 70 / 130 = 0.538.
  const boxes = [20, 20, 30, 30, 1, 0, 11, 10, 53, 50, 63, 60];
  const points = [...new Array(10).fill(0), 3, 2, 9, 2, 6, 5, 4, 8, 8, 8, ...new Array(10).fill(0)];
  const frame = {
    ...{ widthPx: 100, heightPx: 100, inputWidthPx: 100, inputHeightPx: 100 },
    ...{ offsetXPx: 0, offsetYPx: 0, scaleX: 1, scaleY: 1, mirror: false },
  };
  const tensors = { s: tensor([0.9, 0.8, 0.7], [3]), b: tensor(boxes, [3, 4]), p: tensor(points, [3, 10]) };
  const evidence = new ReadingTrial(decoder).evidence([{ image, frame, tensors }])!;
  // At 0.5: precisions 1/2 and 2/3 at recalls 1/2 and 1; made monotone 2/3 and 2/3: AP 2/3. At 0.6, 0.7, 0.8: 1/2 of 1/2.
  expect(evidence.ap).toBeCloseTo(2 / 3, 10);
  expect(evidence.fitness).toBeCloseTo((2 / 3 + 3 * 0.25) / 4, 10);
  expect(evidence).toMatchObject({ faces: 2, found: 2 });
  expect(evidence.meanIou).toBeCloseTo((90 / 110 + 70 / 130) / 2, 6);
  // Every point lies one pixel to the right, the face has sides of 10.
  expect(evidence.pointError).toBeCloseTo(0.1, 6);
});
