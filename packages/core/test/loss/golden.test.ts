import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { anchorPresets, generateAnchors, multiTaskLoss, multiTaskPresets } from '../../src/index.js';
import { hasShared, readNpyFloat32, sharedPath } from '../support/shared.js';

/** The reference computes in float32, in fractions of the input; a 65,536th of a pixel is its resolution. */
const toleranceRelative = 1e-5;

interface Reference {
  readonly targets: readonly (readonly (readonly number[])[])[];
  readonly losses: Readonly<Record<'box' | 'cls' | 'landmark' | 'total', number>>;
  /** Per image, (anchor, label): 1 face, -1 face without landmarks. */
  readonly positives: readonly (readonly (readonly [number, number])[])[];
}

const sidePx = 640;

describe.skipIf(!hasShared('golden/loss'))('multiTaskLoss (needs the shared data folder)', () => {
  const load = (): Reference => JSON.parse(readFileSync(sharedPath('golden/loss/reference.json'), 'utf8')) as Reference;
  const run = () => {
    const reference = load();
    const outputs = {
      logits: readNpyFloat32('golden/loss/conf.npy').data,
      boxes: readNpyFloat32('golden/loss/loc.npy').data,
      landmarks: readNpyFloat32('golden/loss/landms.npy').data,
    };
    const gradients = {
      logits: new Float32Array(outputs.logits.length),
      boxes: new Float32Array(outputs.boxes.length),
      landmarks: new Float32Array(outputs.landmarks.length),
    };
    const faces = reference.targets.map((rows) => ({
      boxesXyxy: Float64Array.from(rows.flatMap((row) => row.slice(0, 4).map((value) => value * sidePx))),
      landmarks: Float64Array.from(
        rows.flatMap((row) => row.slice(4, 14).map((value) => (row[14] === -1 ? -1 : value * sidePx))),
      ),
    }));
    const anchors = generateAnchors(anchorPresets.mnet025, sidePx, sidePx);
    const loss = multiTaskLoss(outputs, anchors, faces, multiTaskPresets.mnet, gradients);
    return { reference, faces, loss, gradients };
  };

  test('matches the anchors that the public training code matches', () => {
    const { reference, faces, loss } = run();
    reference.positives.forEach((expected, image) => {
      const found: [number, number][] = [];
      loss.matches[image].faceOfAnchor.forEach((face, anchor) => {
        if (face >= 0) found.push([anchor, faces[image].landmarks[face * 10] === -1 ? -1 : 1]);
      });
      expect(found).toEqual(expected);
    });
  });

  test('gives the terms of the public training code', () => {
    const { reference, loss } = run();
    const pairs: [number, number][] = [
      [loss.classification, reference.losses.cls],
      [loss.box, reference.losses.box],
      [loss.landmark, reference.losses.landmark],
      [loss.total, reference.losses.total],
    ];
    for (const [found, expected] of pairs) expect(Math.abs(found / expected - 1)).toBeLessThan(toleranceRelative);
  });

  test.each([
    ['logits', 'grad-conf.npy'],
    ['boxes', 'grad-loc.npy'],
    ['landmarks', 'grad-landms.npy'],
  ] as const)('gives its gradient with respect to the %s', (name, file) => {
    const { gradients } = run();
    const { data: expected } = readNpyFloat32(`golden/loss/${file}`);
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    let error = 0;
    let support = 0;
    expected.forEach((value, at) => {
      error = Math.max(error, Math.abs(value - gradients[name][at]));
      if ((value === 0) !== (gradients[name][at] === 0)) support++;
    });
    // The same anchors are mined: the gradients are non-zero in the same places.
    expect(support).toBe(0);
    expect(error / largest).toBeLessThan(2 * toleranceRelative);
  });
});
