import { anchorPresets, generateAnchors, ModelError, ProtocolError } from '@retinabench/core';
import type { CardDecoder } from '@retinabench/models';
import { describe, expect, test } from 'vitest';
import { HeadReader } from '../../src/detector/head-reader.js';
import { parseScaleRule } from '../../src/detector/scale-rule.js';
import { cardOf } from '../fixtures/card.js';
import { FunctionSession, tensor } from '../fixtures/fixed-session.js';

const decoder: CardDecoder = {
  kind: 'retinaface',
  outputs: { scores: 's', boxes: 'b', landmarks: 'l' },
  anchors: 'mnet025',
  variances: [0.1, 0.2],
  softmaxApplied: true,
};

/** 16 x 16 at strides 8, 16, 32: (4 + 1 + 1) cells x 2 anchors. */
const anchors = 12;
const image = { widthPx: 16, heightPx: 16, data: new Uint8Array(16 * 16 * 3) };

function session(scores: readonly number[]): FunctionSession {
  return new FunctionSession(['s', 'b', 'l'], ({ dims: [, , height, width] }) => {
    const count = generateAnchors(anchorPresets.mnet025, width, height).length / 4;
    const repeated = Array.from({ length: count * 2 }, (_, at) => scores[at % scores.length]);
    return {
      s: tensor(repeated, [1, count, 2]),
      b: tensor(new Array(count * 4).fill(0.5), [1, count, 4]),
      l: tensor(new Array(count * 10).fill(-0.5), [1, count, 10]),
    };
  });
}

describe('HeadReader', () => {
  test('gives logits whose softmax is the probabilities of the network', async () => {
    const reader = new HeadReader(cardOf(decoder, {}, true), session([0.8, 0.2, 1, 0]), parseScaleRule('original'));
    const { logits, boxes, landmarks, anchors: placed } = await reader.read(image);
    expect([logits.length, boxes.length, landmarks?.length]).toEqual([anchors * 2, anchors * 4, anchors * 10]);
    expect([...placed]).toEqual([...generateAnchors(anchorPresets.mnet025, 16, 16)]);
    const softmax = (at: number): number =>
      Math.exp(logits[at + 1]) / (Math.exp(logits[at]) + Math.exp(logits[at + 1]));
    expect(softmax(0)).toBeCloseTo(0.2, 6);
    expect(softmax(2)).toBeLessThan(1e-44);
    expect(logits.every(Number.isFinite)).toBe(true);
  });

  test('passes logits on as they are', async () => {
    const card = cardOf({ ...decoder, softmaxApplied: false }, {}, true);
    const { logits } = await new HeadReader(card, session([-1, 3]), parseScaleRule('original')).read(image);
    expect([...logits.subarray(0, 4)]).toEqual([-1, 3, -1, 3]);
  });

  test('says where the image lies in the input', async () => {
    const reader = new HeadReader(cardOf(decoder, {}, true), session([0.8, 0.2]), parseScaleRule('long:32'));
    const { frame, anchors: placed } = await reader.read(image);
    expect([frame.inputWidthPx, frame.inputHeightPx, frame.scaleX, frame.scaleY]).toEqual([32, 32, 2, 2]);
    expect(placed.length / 4).toBe(generateAnchors(anchorPresets.mnet025, 32, 32).length / 4);
  });

  test('refuses models of other outputs and rules of several passes', () => {
    const other = cardOf({ kind: 'corners', outputs: { scores: 's', boxes: 'b' } });
    expect(() => new HeadReader(other, session([1]), parseScaleRule('original'))).toThrow(ModelError);
    expect(() => new HeadReader(cardOf(decoder), session([1]), parseScaleRule('pyramid'))).toThrow(ProtocolError);
  });

  test('names the output that is not finite', async () => {
    const reader = new HeadReader(cardOf(decoder), session([0.5, Number.NaN]), parseScaleRule('original'));
    await expect(reader.read(image)).rejects.toThrow(ModelError);
    await expect(reader.read(image)).rejects.toThrow(/output s\[1\]: expected a finite number, got NaN/);
  });
});
