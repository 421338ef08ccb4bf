import type { ComposedDecoder } from '@retinabench/models';
import { expect, test } from 'vitest';
import { FaceDetector } from '../../src/detector/face-detector.js';
import { type DetectionProtocol, resolveProtocol } from '../../src/detector/protocol.js';
import { parseScaleRule } from '../../src/detector/scale-rule.js';
import { toDetectedImage } from '../../src/runs/detected-image.js';
import { parseLogEntry } from '../../src/runs/logged-image.js';
import { cardOf } from '../fixtures/card.js';
import { FunctionSession, tensor } from '../fixtures/fixed-session.js';

const names = ['left eye', 'right eye', 'nose', 'mouth', 'left ear', 'right ear'];

/** Six points, of which the middle of the mouth stands for both of its corners. */
function decoderOf(named: boolean): ComposedDecoder {
  return {
    kind: 'composed',
    scores: { factors: [{ tensor: 's' }] },
    boxes: { from: [{ tensor: 'b' }], values: 'x1 y1 x2 y2', position: { origin: 'zero', unit: 'input' } },
    landmarks: {
      from: { tensor: 'l' },
      points: 6,
      position: { origin: 'zero', unit: 'input' },
      alignment: [0, 1, 2, 3, 3],
      ...(named ? { names } : {}),
    },
  };
}

/** In parts of the image: x of each point, left to right as seen. */
const points = [0.2, 0.3, 0.4, 0.3, 0.3, 0.4, 0.3, 0.5, 0.1, 0.35, 0.5, 0.35];

/** A network that finds one face at the same place of any input, as if the input were never mirrored. */
async function detect(asked: Partial<DetectionProtocol>, named = true) {
  const session = new FunctionSession(['s', 'b', 'l'], () => ({
    s: tensor([0.9], [1, 1, 1]),
    b: tensor([0.1, 0.2, 0.5, 0.6], [1, 1, 4]),
    l: tensor(points, [1, 1, 12]),
  }));
  const card = { ...cardOf(decoderOf(named)), landmarks: true };
  const image = { widthPx: 200, heightPx: 100, data: new Uint8Array(200 * 100 * 3) };
  return new FaceDetector(card, session, resolveProtocol(asked, card)).detect(image);
}

const rounded = (values: ArrayLike<number>) => Array.from(values, (value) => Math.round(value * 1e3) / 1e3);

test('a detector gives all points of its card beside the five landmarks, in pixels of the image', async () => {
  for (const scale of ['original', 'long:100']) {
    const found = await detect({ scale: parseScaleRule(scale) });
    expect(found.points?.perFace).toBe(6);
    expect(rounded(found.points!.xy)).toEqual([40, 30, 80, 30, 60, 40, 60, 50, 20, 35, 100, 35]);
    expect(rounded(found.landmarks!)).toEqual([40, 30, 80, 30, 60, 40, 60, 50, 60, 50]);
  }
});

test('points of a mirrored pass change sides by their names', async () => {
  const found = await detect({ scale: parseScaleRule('pyramid') });
  // The same place in the mirrored image is x = 200 - x in the image: another face, whose left ear is at 200 - 100.
  const mirrored = [...Array(found.count).keys()].find((face) => found.boxesXyxy[face * 4] > 60)!;
  expect(rounded(found.points!.xy.subarray(mirrored * 12, mirrored * 12 + 12))).toEqual([
    ...[120, 30, 160, 30, 140, 40, 140, 50, 100, 35, 180, 35],
  ]);
});

test('without names nobody knows which point of a mirrored face is which: a pyramid gives the landmarks alone', async () => {
  const found = await detect({ scale: parseScaleRule('pyramid') }, false);
  expect(found.points).toBeUndefined();
  expect(found.landmarks).toBeDefined();
  expect((await detect({}, false)).points?.perFace).toBe(6);
});

test('the log of a run keeps them, as many for each face', async () => {
  const image = toDetectedImage('a.jpg', 200, 100, await detect({}), 'none', { landmarks: true });
  expect(rounded(image.points!)).toEqual([40, 30, 80, 30, 60, 40, 60, 50, 20, 35, 100, 35]);
  const entry = { ...image, sha256: '0'.repeat(64), detectedAt: '2026-11-29T12:00:00.000Z' };
  expect(parseLogEntry(entry, 'log')).toEqual(entry);
  expect(() => parseLogEntry({ ...entry, points: [1, 2, 3] }, 'log')).toThrow(/3 numbers of points for 1 detections/);
});
