import { ModelError, ShapeError } from '@retinabench/core';
import type { CardDecoder } from '@retinabench/models';
import { describe, expect, test } from 'vitest';
import type { Tensor } from '../../src/backend/backend.js';
import { Candidates } from '../../src/decoders/candidates.js';
import { decoderFor } from '../../src/decoders/select.js';
import { tensor } from '../fixtures/fixed-session.js';

function decode(
  card: CardDecoder,
  tensors: Record<string, Tensor>,
  width: number,
  height: number,
  floor = 0.5,
): Candidates {
  const candidates = new Candidates();
  candidates.clear(true);
  decoderFor(card)({ tensors, inputWidthPx: width, inputHeightPx: height, place: 'model test' }, floor, candidates);
  return candidates;
}

const rounded = (values: Float32Array): number[] => Array.from(values, (value) => Math.round(value * 1e4) / 1e4);

describe('the RetinaFace decoder', () => {
  const card: CardDecoder = {
    kind: 'retinaface',
    outputs: { scores: 'conf', boxes: 'loc', landmarks: 'landms' },
    anchors: 'mnet025',
    variances: [0.1, 0.2],
    softmaxApplied: true,
  };
  // An 8 x 8 input has one cell on each of three levels, two anchors a cell; the first anchor is 16 px at (4, 4).
  const quiet = [1, 0, 1, 0, 1, 0, 1, 0, 1, 0];
  const zeros = new Array(5 * 4).fill(0);

  test('decodes only the anchors that score above the floor', () => {
    const candidates = decode(
      card,
      {
        conf: tensor([0.2, 0.8, ...quiet], [1, 6, 2]),
        loc: tensor([1, 0, 0, 0, ...zeros], [1, 6, 4]),
        landms: tensor([1, 2, ...new Array(58).fill(0)], [1, 6, 10]),
      },
      8,
      8,
    );
    expect(candidates.count).toBe(1);
    // x = 4 + 1 * 0.1 * 16 = 5.6; 16 px wide: -2.4 .. 13.6. Landmark: (4 + 1.6, 4 + 3.2).
    expect(rounded(candidates.boxesXyxy)).toEqual([-2.4, -4, 13.6, 12]);
    expect(rounded(candidates.landmarks).slice(0, 4)).toEqual([5.6, 7.2, 4, 4]);
  });

  test('takes the softmax of logits where the card says that the graph does not', () => {
    // softmax(0, ln 3)[1] = 3 / 4; softmax(0, 0)[1] = 1 / 2 is not above the floor.
    const candidates = decode(
      { ...card, softmaxApplied: false },
      {
        conf: tensor([0, Math.log(3), 0, 0, ...new Array(4).fill([9, 0]).flat()], [1, 6, 2]),
        loc: tensor([...zeros, 0, 0, 0, 0], [1, 6, 4]),
        landms: tensor(new Array(60).fill(0), [1, 6, 10]),
      },
      8,
      8,
    );
    expect(rounded(candidates.scores)).toEqual([0.75]);
  });

  test('names an output that the network lacks, and one of the wrong size', () => {
    const conf = tensor([1, 0, ...quiet], [1, 6, 2]);
    expect(() => decode(card, { conf }, 8, 8)).toThrow(ModelError);
    expect(() => decode(card, { conf }, 8, 8)).toThrow(/names an output loc; the network has conf/);
    expect(() => decode(card, { conf: tensor([1, 0], [1, 1, 2]) }, 8, 8)).toThrow(ShapeError);
  });

  test('reports NaN in scores and boxes instead of dropping it', () => {
    const loc = tensor([Number.NaN, 0, 0, 0, ...zeros], [1, 6, 4]);
    const landms = tensor(new Array(60).fill(0), [1, 6, 10]);
    const nan = tensor([Number.NaN, Number.NaN, ...quiet], [1, 6, 2]);
    expect(() => decode(card, { conf: nan, loc, landms }, 8, 8)).toThrow(ModelError);
    const logits = { ...card, softmaxApplied: false };
    expect(() => decode(logits, { conf: nan, loc, landms }, 8, 8)).toThrow(/output conf\[0\] of \[1, 6, 2\].*got NaN/);
    const conf = tensor([0, 1, ...quiet], [1, 6, 2]);
    expect(() => decode(card, { conf, loc, landms }, 8, 8)).toThrow(
      /output loc\[0\] of \[1, 6, 4\]: expected a finite number, got NaN/,
    );
  });
});

test('the SCRFD decoder measures distances from the corner of the cell, in strides', () => {
  // 16 x 8 input at stride 8: two cells of two anchors; the third row is the first anchor of the cell at x = 8.
  const candidates = decode(
    { kind: 'scrfd', levels: [{ stride: 8, anchorsPerCell: 2, scores: 's', boxes: 'b', landmarks: 'k' }] },
    {
      s: tensor([0, 0, 0.9, 0], [4, 1]),
      b: tensor([...new Array(8).fill(0), 0.5, 0.25, 1, 2, 0, 0, 0, 0], [4, 4]),
      k: tensor([...new Array(20).fill(0), 0.5, 1, ...new Array(18).fill(0)], [4, 10]),
    },
    16,
    8,
  );
  // x1 = 8 - 0.5 * 8, y1 = 0 - 0.25 * 8, x2 = 8 + 8, y2 = 16; first landmark (8 + 4, 0 + 8).
  expect(rounded(candidates.boxesXyxy)).toEqual([4, -2, 16, 16]);
  expect(rounded(candidates.landmarks).slice(0, 2)).toEqual([12, 8]);
});

describe('whatever the decoder', () => {
  const scrfd: CardDecoder = { kind: 'scrfd', levels: [{ stride: 8, anchorsPerCell: 1, scores: 's', boxes: 'b' }] };
  const withLandmarks: CardDecoder = {
    kind: 'scrfd',
    levels: [{ stride: 8, anchorsPerCell: 1, scores: 's', boxes: 'b', landmarks: 'k' }],
  };

  test('boxes have positive sides: others are dropped, with what belongs to them', () => {
    // Four cells in a row, 32 x 8; sides of (1 + 1) x 8, 0, (-2 + 1) x 8 and (1 + 2) x 8 pixels, all 16 high.
    const distances = [
      [1, 1, 1, 1],
      [0, 1, 0, 1],
      [-2, 1, 1, 1],
      [1, 1, 2, 1],
    ];
    const candidates = decode(
      withLandmarks,
      {
        s: tensor([0.6, 0.7, 0.8, 0.9], [4, 1]),
        b: tensor(distances.flat(), [4, 4]),
        k: tensor(
          [0, 1, 2, 3].flatMap((cell) => new Array(10).fill(cell)),
          [4, 10],
        ),
      },
      32,
      8,
    );
    expect(rounded(candidates.scores)).toEqual([0.6, 0.9]);
    expect(rounded(candidates.boxesXyxy)).toEqual([-8, -8, 8, 8, 16, -8, 40, 8]);
    // Landmarks of the last cell: x = 24 + 3 * 8, y = 3 * 8.
    expect(rounded(candidates.landmarks).slice(10, 12)).toEqual([48, 24]);
  });

  test('a size that overflows is no size, though the numbers of the network are finite', () => {
    const level = { stride: 8, classification: 'c', objectness: 'o', boxes: 'b', landmarks: 'k' };
    const candidates = decode(
      { kind: 'yunet', levels: [level] },
      {
        c: tensor([0.9, 0.9], [2, 1]),
        o: tensor([0.9, 0.9], [2, 1]),
        // exp(200) is above the largest float32, exp(0) = 1.
        b: tensor([0, 0, 200, 0, 0, 0, 0, 0], [2, 4]),
        k: tensor(new Array(20).fill(0), [2, 10]),
      },
      16,
      8,
    );
    expect(candidates.count).toBe(1);
    expect(rounded(candidates.boxesXyxy)).toEqual([4, -4, 12, 4]);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'a score of %s is refused with its tensor, also of a candidate that would not have counted',
    (value) => {
      const tensors = { s: tensor([0.9, value], [2, 1]), b: tensor(new Array(8).fill(1), [2, 4]) };
      expect(() => decode(scrfd, tensors, 16, 8)).toThrow(ModelError);
      expect(() => decode(scrfd, tensors, 16, 8)).toThrow(
        `output s[1] of [2, 1]: expected a finite number, got ${value}`,
      );
    },
  );

  test('a landmark that is not finite is refused with its tensor', () => {
    const k = tensor([...new Array(19).fill(0), Number.NaN], [2, 10]);
    const tensors = { s: tensor([0.9, 0.9], [2, 1]), b: tensor(new Array(8).fill(1), [2, 4]), k };
    expect(() => decode(withLandmarks, tensors, 16, 8)).toThrow(/output k\[19\] of \[2, 10\].* got NaN/);
  });

  test('a logit may be minus infinity, a probability of 0, but not plus infinity', () => {
    const card: CardDecoder = {
      kind: 'retinaface',
      outputs: { scores: 'conf', boxes: 'loc' },
      anchors: 'mnet025',
      variances: [0.1, 0.2],
      softmaxApplied: false,
    };
    const conf = (value: number) => tensor([0, value, ...new Array(5).fill([9, 0]).flat()], [1, 6, 2]);
    const loc = tensor(new Array(24).fill(0), [1, 6, 4]);
    expect(decode(card, { conf: conf(Number.NEGATIVE_INFINITY), loc }, 8, 8).count).toBe(0);
    expect(() => decode(card, { conf: conf(Number.POSITIVE_INFINITY), loc }, 8, 8)).toThrow(/output conf\[1\]/);
  });
});

test('the YuNet decoder scores by the geometric mean of classification and objectness', () => {
  const level = { stride: 8, classification: 'c', objectness: 'o', boxes: 'b', landmarks: 'k' };
  const candidates = decode(
    { kind: 'yunet', levels: [level] },
    {
      c: tensor([0, 0.9], [1, 2, 1]),
      o: tensor([1, 0.4], [1, 2, 1]),
      b: tensor([0, 0, 0, 0, 0.5, 0.5, Math.log(2), 0], [1, 2, 4]),
      k: tensor([...new Array(10).fill(0), 0.25, 0.5, ...new Array(8).fill(0)], [1, 2, 10]),
    },
    16,
    8,
  );
  // sqrt(0.9 * 0.4) = 0.6. Cell (1, 0): centre ((1 + 0.5) * 8, 0.5 * 8) = (12, 4), 16 x 8. Landmark ((1 + 0.25) * 8, 4).
  expect(rounded(candidates.scores)).toEqual([0.6]);
  expect(rounded(candidates.boxesXyxy)).toEqual([4, 0, 20, 8]);
  expect(rounded(candidates.landmarks).slice(0, 2)).toEqual([10, 4]);
});

test('decoded corners are fractions of the input, decoded boxes pixels', () => {
  const scores = tensor([0.9, 0.1, 0.2, 0.8], [1, 2, 2]);
  const boxes = tensor([0, 0, 0, 0, 0.25, 0.5, 0.5, 1], [1, 2, 4]);
  const outputs = { scores: 's', boxes: 'b' };
  const corners = decode({ kind: 'corners', outputs }, { s: scores, b: boxes }, 320, 240);
  expect(rounded(corners.boxesXyxy)).toEqual([80, 120, 160, 240]);
  const pixels = decode({ kind: 'boxes', outputs }, { s: tensor([0.1, 0.8], [1, 2]), b: boxes }, 320, 240);
  expect(rounded(pixels.boxesXyxy)).toEqual([0.25, 0.5, 0.5, 1]);
});
