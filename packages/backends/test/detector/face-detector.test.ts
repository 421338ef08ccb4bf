import { ModelError, ProtocolError, ShapeError } from '@retinabench/core';
import type { CardInput, ModelCard } from '@retinabench/models';
import { describe, expect, test } from 'vitest';
import { FaceDetector } from '../../src/detector/face-detector.js';
import { type DetectionProtocol, detectionSettings, resolveProtocol } from '../../src/detector/protocol.js';
import { parseScaleRule } from '../../src/detector/scale-rule.js';
import type { RgbImage } from '../../src/image/image.js';
import { cardOf } from '../fixtures/card.js';
import { FunctionSession, tensor } from '../fixtures/fixed-session.js';

const decoder = { kind: 'boxes', outputs: { scores: 's', boxes: 'b' } } as const;

/** A network that finds one face, on the brightest pixel of its input's first channel: a box of 4 input pixels around it. */
function brightestPixel(): FunctionSession {
  return new FunctionSession(['s', 'b'], ({ data, dims }) => {
    const [, , height, width] = dims;
    const plane = data.subarray(0, width * height);
    const at = plane.indexOf(plane.reduce((best, value) => Math.max(best, value)));
    const [x, y] = [(at % width) + 0.5, Math.floor(at / width) + 0.5];
    return { s: tensor([0.9], [1, 1]), b: tensor([x - 2, y - 2, x + 2, y + 2], [1, 1, 4]) };
  });
}

/** A black image with one white pixel. */
function whitePixel(widthPx: number, heightPx: number, x: number, y: number): RgbImage {
  const data = new Uint8Array(widthPx * heightPx * 3);
  data.fill(255, (y * widthPx + x) * 3, (y * widthPx + x) * 3 + 3);
  return { widthPx, heightPx, data };
}

async function detectOn(image: RgbImage, asked: Partial<DetectionProtocol>, input: Partial<CardInput> = {}) {
  const card = cardOf(decoder, input);
  const session = brightestPixel();
  const detector = new FaceDetector(card, session, resolveProtocol(asked, card));
  return { detections: await detector.detect(image), inputs: session.inputs };
}

describe('FaceDetector', () => {
  test('gives boxes in pixels of the original image, whatever the scale', async () => {
    for (const scale of ['original', 'long:80', 'long:160']) {
      const { detections } = await detectOn(whitePixel(40, 20, 30, 10), { scale: parseScaleRule(scale) });
      const [x1, y1, x2, y2] = detections.boxesXyxy;
      expect((x1 + x2) / 2, scale).toBeCloseTo(30.5, 0);
      expect((y1 + y2) / 2, scale).toBeCloseTo(10.5, 0);
    }
  });

  test('detections that are asked for at once are those of one after the other', async () => {
    const card = cardOf(decoder);
    const session = brightestPixel();
    const detector = new FaceDetector(card, session, resolveProtocol({ scale: parseScaleRule('long:80') }, card));
    const images = [whitePixel(40, 20, 30, 10), whitePixel(20, 40, 3, 30), whitePixel(40, 20, 5, 4)];
    const found = await Promise.all(images.map((image) => detector.detect(image)));
    const centres = found.map(({ boxesXyxy: [x1, y1, x2, y2] }) => [(x1 + x2) / 2, (y1 + y2) / 2]);
    // Half a pixel beyond the corner of the white pixel of each.
    [30.5, 10.5, 3.5, 30.5, 5.5, 4.5].forEach((expected, at) => {
      expect(centres.flat()[at]).toBeCloseTo(expected, 0);
    });
    await expect(detector.detect({ ...images[0], widthPx: 3 })).rejects.toThrow(ShapeError);
  });

  test('pads nothing unless the card asks for it', async () => {
    const image = whitePixel(40, 20, 30, 10);
    expect((await detectOn(image, {})).inputs[0].dims).toEqual([1, 3, 20, 40]);
    const padded = await detectOn(image, {}, { size: { rule: 'multiple', of: 32, padValue: 7 } });
    expect(padded.inputs[0].dims).toEqual([1, 3, 32, 64]);
    expect(padded.inputs[0].data[63]).toBe(7);
    expect([...padded.detections.boxesXyxy]).toEqual([28.5, 8.5, 32.5, 12.5]);
  });

  test.each([
    ['stretch', [28.5, 6.5, 32.5, 14.5]],
    ['letterbox', [28.5, 8.5, 32.5, 12.5]],
    ['letterbox-centre', [28.5, 8.5, 32.5, 12.5]],
  ] as const)('maps a fixed input back, %s', async (fit, expected) => {
    // 40 x 20 into 40 x 10 stretches y by a half, so that a box of 4 x 4 becomes 4 x 8; letterboxed into 40 x 40 nothing scales.
    const heightPx = fit === 'stretch' ? 10 : 40;
    const size = { rule: 'fixed', widthPx: 40, heightPx, fit, padValue: 0 } as const;
    const { detections, inputs } = await detectOn(whitePixel(40, 20, 30, 10), {}, { size });
    expect(inputs[0].dims).toEqual([1, 3, heightPx, 40]);
    detections.boxesXyxy.forEach((value, at) => {
      expect(Math.abs(value - expected[at])).toBeLessThanOrEqual(1);
    });
  });

  test('the pyramid unites ten passes by voting, mirrored ones carried back', async () => {
    const { detections, inputs } = await detectOn(whitePixel(60, 50, 20, 10), { scale: parseScaleRule('pyramid') });
    expect(inputs).toHaveLength(10);
    for (let face = 0; face < detections.count; face++) {
      const [x1, , x2] = detections.boxesXyxy.subarray(face * 4);
      expect(Math.abs((x1 + x2) / 2 - 20.5)).toBeLessThan(1);
    }
  });

  test('keeps the best keepTopK of the topK best, with their landmarks', async () => {
    const landmarks = Array.from({ length: 60 }, (_, at) => Math.floor(at / 10));
    const card: ModelCard = cardOf(
      { kind: 'scrfd', levels: [{ stride: 8, anchorsPerCell: 1, scores: 's', boxes: 'b', landmarks: 'k' }] },
      {},
      true,
    );
    const session = new FunctionSession(['s', 'b', 'k'], () => ({
      s: tensor([0.3, 0.9, 0.5, 0.7, 0.6, 0.4], [6, 1]),
      b: tensor(new Array(24).fill(0.1), [6, 4]),
      k: tensor(landmarks, [6, 10]),
    }));
    const detect = async (asked: Partial<DetectionProtocol>) =>
      new FaceDetector(card, session, resolveProtocol(asked, card)).detect(whitePixel(48, 8, 0, 0));
    const scores = async (asked: Partial<DetectionProtocol>) =>
      Array.from((await detect(asked)).scores, (score) => Math.round(score * 10) / 10);
    expect(await scores({})).toEqual([0.9, 0.7, 0.6, 0.5, 0.4, 0.3]);
    expect(await scores({ topK: 3 })).toEqual([0.9, 0.7, 0.6]);
    expect(await scores({ topK: 3, keepTopK: 2 })).toEqual([0.9, 0.7]);
    // The second best is cell 3: its landmarks are 3 strides from x = 24.
    expect((await detect({ topK: 3, keepTopK: 2 })).landmarks?.[10]).toBe(24 + 3 * 8);
  });

  test('rejects a card of another task, a wrong input name, an image whose length does not fit', async () => {
    const { decoder: _, ...embedder } = cardOf(decoder);
    const card = cardOf(decoder);
    const protocol = resolveProtocol({}, card);
    expect(() => new FaceDetector({ ...embedder, task: 'face-embedding' }, brightestPixel(), protocol)).toThrow(
      ModelError,
    );
    expect(() => new FaceDetector(cardOf(decoder, { tensor: 'data' }), brightestPixel(), protocol)).toThrow(
      /names an input data; the network has input/,
    );
    const detector = new FaceDetector(card, brightestPixel(), protocol);
    await expect(detector.detect({ widthPx: 2, heightPx: 2, data: new Uint8Array(3) })).rejects.toThrow(ShapeError);
  });
});

describe('resolveProtocol', () => {
  const card = { ...cardOf(decoder), defaults: { scoreFloor: 0.1, nmsIou: 0.3 } };

  test('what is asked for comes before the card, the card before the public protocol', () => {
    expect(resolveProtocol({}, card)).toMatchObject({ scoreFloor: 0.1, nmsIou: 0.3, suppression: 'nms', topK: 0 });
    expect(resolveProtocol({ scoreFloor: 0.5 }, card)).toMatchObject({ scoreFloor: 0.5, nmsIou: 0.3 });
    expect(resolveProtocol({}, cardOf(decoder))).toMatchObject({ scoreFloor: 0.02, nmsIou: 0.4 });
  });

  test('the pyramid votes unless told otherwise', () => {
    const scale = parseScaleRule('pyramid');
    expect(resolveProtocol({ scale }, card).suppression).toBe('vote');
    expect(resolveProtocol({ scale, suppression: 'nms' }, card).suppression).toBe('nms');
  });

  test('refuses a scale for a network of fixed input, and settings out of range', () => {
    const size = { rule: 'fixed', widthPx: 320, heightPx: 240, fit: 'stretch', padValue: 0 } as const;
    const fixed = cardOf(decoder, { size });
    expect(() => resolveProtocol({ scale: parseScaleRule('vga') }, fixed)).toThrow(ProtocolError);
    expect(detectionSettings(resolveProtocol({}, fixed), fixed).scale).toBe('fixed:320x240,stretch');
    expect(() => resolveProtocol({ scoreFloor: 1 }, card)).toThrow(/score floor: expected a number between 0 and 1/);
    expect(() => resolveProtocol({ topK: -1 }, card)).toThrow(/top-k: expected a whole number/);
  });
});
