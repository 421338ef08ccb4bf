import { ShapeError, seededRandom } from '@retinabench/core';
import { type CardDecoder, type ComposedDecoder, composedForm } from '@retinabench/models';
import { describe, expect, test } from 'vitest';
import type { Tensor } from '../../src/backend/backend.js';
import { Candidates } from '../../src/decoders/candidates.js';
import { decoderFor } from '../../src/decoders/select.js';
import { tensor } from '../fixtures/fixed-session.js';

function decode(
  card: CardDecoder,
  tensors: Record<string, Tensor>,
  [width, height]: readonly [number, number],
  floor = 0.02,
): Candidates {
  const candidates = new Candidates();
  candidates.clear(true);
  decoderFor(card)({ tensors, inputWidthPx: width, inputHeightPx: height, place: 'model test' }, floor, candidates);
  return candidates;
}

const rounded = (values: Float32Array): number[] => Array.from(values, (value) => Math.round(value * 1e4) / 1e4 + 0);
const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
const logit = (value: number): number => Math.log(value / (1 - value));

describe('a composed decoder', () => {
  test('says what the RetinaFace preset says, bit for bit', () => {
    const random = seededRandom(16);
    // 40 x 24 at strides 8, 16, 32: 5 x 3 + 3 x 2 + 2 x 1 = 23 cells of two anchors.
    const values = (count: number): Tensor => {
      const data = Array.from({ length: 46 * count }, () => random() * 4 - 2);
      return tensor(data, [1, 46, count]);
    };
    const tensors = { conf: values(2), loc: values(4), landms: values(10) };
    for (const anchors of ['mnet025', 'insightface-mnet'] as const) {
      const card: CardDecoder = {
        kind: 'retinaface',
        outputs: { scores: 'conf', boxes: 'loc', landmarks: 'landms' },
        anchors,
        variances: [0.1, 0.2],
        softmaxApplied: false,
      };
      const preset = decode(card, tensors, [40, 24]);
      const composed = decode(composedForm(card), tensors, [40, 24]);
      expect(composed.count).toBe(46);
      expect(composed.boxesXyxy).toEqual(preset.boxesXyxy);
      expect(composed.scores).toEqual(preset.scores);
      expect(composed.landmarks).toEqual(preset.landmarks);
    }
  });

  test('reads the heads of YOLOv5-face: raw, [1, anchors, rows, columns, values]', () => {
    const card: ComposedDecoder = {
      kind: 'composed',
      geometry: {
        levels: [
          {
            stride: 8,
            anchors: [
              [4, 5],
              [8, 10],
            ],
          },
        ],
        pointInCell: 0,
      },
      scores: {
        factors: [
          { tensor: ['out'], axes: '1 k h w v', at: 4, activation: 'sigmoid' },
          { tensor: ['out'], axes: '1 k h w v', at: 15, activation: 'sigmoid' },
        ],
      },
      boxes: {
        from: [{ tensor: ['out'], axes: '1 k h w v', at: 0 }],
        values: 'cx cy w h',
        position: { origin: 'point', unit: 'stride', activation: 'sigmoid', factor: 2, add: -0.5 },
        size: { unit: 'anchor', activation: 'sigmoid', factor: 2, power: 2 },
      },
      landmarks: {
        from: { tensor: ['out'], axes: '1 k h w v', at: 5 },
        points: 5,
        position: { origin: 'point', unit: 'anchor' },
      },
    };
    // 16 x 8: one row of two cells. Anchor 1 of cell 1 is row 3 of [1, 2, 1, 2, 16].
    const quiet = new Array(16).fill(-20);
    const face = [0, logit(0.75), logit(0.75), 0, logit(0.8), 0.5, 1, ...new Array(8).fill(0), logit(0.5)];
    const found = decode(card, { out: tensor([...quiet, ...quiet, ...quiet, ...face], [1, 2, 1, 2, 16]) }, [16, 8]);
    // score 0.8 * 0.5. cx = (2 * 0.5 - 0.5 + 1) * 8 = 12, cy = (2 * 0.75 - 0.5 + 0) * 8 = 8,
    // w = (2 * 0.75)^2 * 8 = 18, h = (2 * 0.5)^2 * 10 = 10. Landmark 0: (0.5 * 8 + 8, 1 * 10 + 0) = (12, 10).
    expect(rounded(found.scores)).toEqual([0.4]);
    expect(rounded(found.boxesXyxy)).toEqual([3, 3, 21, 13]);
    expect(rounded(found.landmarks)).toEqual([12, 10, 8, 0, 8, 0, 8, 0, 8, 0]);
  });

  test('flattens anchors outermost where the order says so', () => {
    const card: ComposedDecoder = {
      kind: 'composed',
      geometry: { levels: [{ stride: 8, anchors: [10, 20] }], order: 'k h w' },
      scores: { factors: [{ tensor: 's', axes: 'n' }] },
      boxes: {
        from: [{ tensor: 'b' }],
        values: 'cx cy w h',
        position: { origin: 'point', unit: 'anchor' },
        size: { unit: 'anchor', activation: 'exp' },
      },
    };
    // Order (k, row, column): rows are (10, cell 0), (10, cell 1), (20, cell 0), (20, cell 1). Row 2: 20 px about (4, 4).
    const tensors = { s: tensor([0, 0, 0.9, 0], [4]), b: tensor(new Array(16).fill(0), [4, 4]) };
    expect(rounded(decode(card, tensors, [16, 8]).boxesXyxy)).toEqual([-6, -6, 14, 14]);
  });

  test('reads the merged heads of YOLOv8-face: [1, 4 * bins + 1, h, w], distances as distributions', () => {
    const bins = 4;
    const card: ComposedDecoder = {
      kind: 'composed',
      geometry: { levels: [{ stride: 8 }] },
      scores: { factors: [{ tensor: ['p'], axes: '1 v h w', at: 16, activation: 'sigmoid' }] },
      boxes: {
        from: [{ tensor: ['p'], axes: '1 v h w', at: 0 }],
        values: 'left top right bottom',
        size: { unit: 'stride' },
        bins,
      },
    };
    // One row of two cells; values by channel. Cell 1: left all in bin 2; top even over bins 0 and 2, so 1; right even
    // over all four, 1.5; bottom in bin 3.
    const sure = 60;
    const channels = [0, 0, sure, 0, sure, 0, sure, 0, 0, 0, 0, 0, 0, 0, 0, sure, logit(0.7)];
    const data = channels.flatMap((value, channel) => [channel === 16 ? -20 : 0, value]);
    const found = decode(card, { p: tensor(data, [1, 17, 1, 2]) }, [16, 8]);
    // Point (12, 4): 12 - 16, 4 - 8, 12 + 12, 4 + 24.
    expect(rounded(found.scores)).toEqual([0.7]);
    expect(rounded(found.boxesXyxy)).toEqual([-4, -4, 24, 28]);
  });

  test('reads transposed candidates [1, values, n]', () => {
    const card: ComposedDecoder = {
      kind: 'composed',
      scores: { factors: [{ tensor: 'o', axes: '1 v n', at: 4 }] },
      boxes: {
        from: [{ tensor: 'o', axes: '1 v n', at: 0 }],
        values: 'cx cy w h',
        position: { unit: 'pixels' },
        size: { unit: 'pixels' },
      },
    };
    const found = decode(card, { o: tensor([5, 50, 6, 60, 2, 20, 4, 10, 0, 0.9], [1, 5, 2]) }, [64, 64]);
    expect(rounded(found.boxesXyxy)).toEqual([40, 55, 60, 65]);
  });

  test('reads the heat map of CenterFace: rows first, sizes as exponentials, landmarks in the box', () => {
    const grid = { axes: '1 v h w' } as const;
    const card: ComposedDecoder = {
      kind: 'composed',
      geometry: { levels: [{ stride: 4 }], pointInCell: 0.5 },
      scores: { factors: [{ tensor: ['hm'], ...grid }] },
      boxes: {
        from: [
          { tensor: ['off'], ...grid },
          { tensor: ['scale'], ...grid },
        ],
        values: 'cy cx h w',
        position: { origin: 'point', unit: 'stride' },
        size: { unit: 'stride', activation: 'exp' },
      },
      landmarks: {
        from: { tensor: ['lm'], ...grid },
        points: 5,
        values: 'y x',
        position: { origin: 'box', unit: 'box' },
      },
    };
    // 8 x 4: cells 0 and 1. Cell 1: offset (y 0.25, x 0.5), scale (ln 2, ln 4): centre x = (1 + 0.5 + 0.5) * 4 = 8,
    // y = (0 + 0.5 + 0.25) * 4 = 3; h = 2 * 4, w = 4 * 4. Landmark 0: y 0.5 of 8 below -1, x 0.25 of 16 right of 0.
    const found = decode(
      card,
      {
        hm: tensor([0, 0.8], [1, 1, 1, 2]),
        off: tensor([0, 0.25, 0, 0.5], [1, 2, 1, 2]),
        scale: tensor([0, Math.log(2), 0, Math.log(4)], [1, 2, 1, 2]),
        lm: tensor([0, 0.5, 0, 0.25, ...new Array(16).fill(0)], [1, 10, 1, 2]),
      },
      [8, 4],
    );
    expect(rounded(found.boxesXyxy)).toEqual([0, -1, 16, 7]);
    expect(rounded(found.landmarks).slice(0, 4)).toEqual([4, 3, 0, -1]);
  });

  test('keeps the peaks of a heat map alone where a window is given', () => {
    const card: ComposedDecoder = {
      kind: 'composed',
      geometry: { levels: [{ stride: 4 }] },
      scores: { factors: [{ tensor: ['hm'], axes: 'v h w' }], peaks: 3 },
      boxes: { from: [{ tensor: ['b'], axes: 'v h w' }], values: 'left top right bottom', size: { unit: 'stride' } },
    };
    // 4 x 2 cells: 0.9 beats 0.8 beside it and 0.7 below; 0.6 is two columns from 0.9 and alone; the two 0.5 are within its reach.
    const hm = tensor([0.9, 0.8, 0.5, 0.6, 0.7, 0.1, 0.5, 0.1], [1, 2, 4]);
    const found = decode(card, { hm, b: tensor(new Array(32).fill(0.5), [4, 2, 4]) }, [16, 8]);
    expect(rounded(found.scores)).toEqual([0.9, 0.6]);
  });

  test('reads BlazeFace: linear offsets in pixels over anchors of one size, six points', () => {
    const card: ComposedDecoder = {
      kind: 'composed',
      geometry: { levels: [{ stride: 8, points: 2 }] },
      scores: { factors: [{ tensor: 'c', axes: '1 n v', activation: 'sigmoid' }] },
      boxes: {
        from: [{ tensor: 'r', at: 0 }],
        values: 'cx cy w h',
        position: { origin: 'point', unit: 'pixels' },
        size: { unit: 'pixels' },
      },
      landmarks: {
        from: { tensor: 'r', at: 4 },
        points: 6,
        position: { origin: 'point', unit: 'pixels' },
        // Six points have no mouth corners; the test takes the mouth for both, averaged with an ear.
        alignment: [0, 1, 2, [3, 4], [3, 5]],
      },
    };
    const points = [1, 1, 2, 2, 3, 3, 4, 4, 6, 6, 8, 8];
    const rows = [...new Array(16).fill(0), 1, -2, 20, 10, ...points];
    const found = decode(card, { c: tensor([-9, 3], [1, 2, 1]), r: tensor(rows, [1, 2, 16]) }, [8, 8]);
    // Point (4, 4): centre (5, 2), 20 x 10. Points: +4; (4 + 6) / 2 + 4 = 9, (4 + 8) / 2 + 4 = 10.
    expect(rounded(found.scores)).toEqual([Math.round(sigmoid(3) * 1e4) / 1e4]);
    expect(rounded(found.boxesXyxy)).toEqual([-5, -3, 15, 7]);
    expect(rounded(found.landmarks)).toEqual([5, 5, 6, 6, 7, 7, 9, 9, 10, 10]);
  });

  test('lays the densified anchors of FaceBoxes: 4 x 4 of 32 px, 2 x 2 of 64, one of 128 in a cell of 32', () => {
    const dense = (side: number, density: number) => ({ widthPx: side, heightPx: side, density });
    const card: ComposedDecoder = {
      kind: 'composed',
      geometry: { levels: [{ stride: 32, anchors: [dense(32, 4), dense(64, 2), 128] }] },
      scores: { factors: [{ tensor: 's', classes: 2, keep: [1], activation: 'softmax' }] },
      boxes: {
        from: [{ tensor: 'b' }],
        values: 'cx cy w h',
        position: { origin: 'point', unit: 'anchor', factor: 0.1 },
        size: { unit: 'anchor', gain: 0.2, activation: 'exp' },
      },
    };
    // One cell, 16 + 4 + 1 anchors. Anchor 6 of the sixteen is (column 2, row 1): centre (2 / 4 * 32, 1 / 4 * 32) = (16, 8).
    // Anchor 16 + 1 is (column 1, row 0) of the 2 x 2: (16, 0). Anchor 20 is the 128 at (16, 16).
    const scores = Array.from({ length: 21 }, (_, index) => ([6, 17, 20].includes(index) ? [0, 9] : [9, 0])).flat();
    const tensors = { s: tensor(scores, [1, 21, 2]), b: tensor(new Array(84).fill(0), [1, 21, 4]) };
    expect(rounded(decode(card, tensors, [32, 32]).boxesXyxy)).toEqual([
      ...[0, -8, 32, 24],
      ...[-16, -32, 48, 32],
      ...[-48, -48, 80, 80],
    ]);
  });

  test('reads maps per channel, with boxes that count both end pixels, as the MXNet RetinaFace gives them', () => {
    const card: ComposedDecoder = {
      kind: 'composed',
      geometry: { levels: [{ stride: 32, anchors: [512, 256] }], pointPx: 7.5 },
      // Channels: background of anchor 0, of anchor 1, face of anchor 0, of anchor 1.
      scores: { factors: [{ tensor: ['cls'], axes: '1 (v k) h w', classes: 2, keep: [1] }] },
      boxes: {
        from: [{ tensor: ['box'], axes: '1 (k v) h w' }],
        values: 'cx cy w h',
        position: { origin: 'point', unit: 'anchor' },
        size: { unit: 'anchor', activation: 'exp' },
        inclusive: true,
      },
    };
    const found = decode(
      card,
      {
        cls: tensor([0.3, 0.3, 0.01, 0.7], [1, 4, 1, 1]),
        box: tensor([0, 0, 0, 0, 0.5, 0, Math.log(0.5), 0], [1, 8, 1, 1]),
      },
      [32, 32],
    );
    // Anchor 1: 256 px about (7.5, 7.5); cx = 7.5 + 128, w = 128, h = 256: cx -+ 63.5, cy -+ 127.5.
    expect(rounded(found.scores)).toEqual([0.7]);
    expect(rounded(found.boxesXyxy)).toEqual([72, -120, 199, 135]);
  });

  test('takes rows of a network that suppresses by itself, as many as it counts', () => {
    const card: ComposedDecoder = {
      kind: 'composed',
      scores: { factors: [{ tensor: 'scores', axes: '1 n' }] },
      boxes: { from: [{ tensor: 'boxes' }], values: 'y1 x1 y2 x2', position: { unit: 'input' } },
      suppressed: { count: 'num' },
    };
    const tensors = {
      num: tensor([1], [1]),
      scores: tensor([0.9, 0.8], [1, 2]),
      boxes: tensor([0.25, 0.5, 0.5, 0.75, 0, 0, 1, 1], [1, 2, 4]),
    };
    const found = decode(card, tensors, [640, 320]);
    expect(rounded(found.boxesXyxy)).toEqual([320, 80, 480, 160]);
    expect(() => decode(card, { ...tensors, num: tensor([3], [1]) }, [640, 320])).toThrow(
      /output num: expected one whole number from 0 to 2, the rows that count, got 3/,
    );
  });

  test("takes the candidates that ONNX's NonMaxSuppression names", () => {
    const card: ComposedDecoder = {
      kind: 'composed',
      scores: { factors: [{ tensor: 'scores', axes: '1 v n' }] },
      boxes: { from: [{ tensor: 'boxes' }], values: 'x1 y1 x2 y2', position: { unit: 'pixels' } },
      suppressed: { indices: 'selected' },
    };
    const found = decode(
      card,
      {
        selected: tensor([0, 0, 2, 0, 0, 0], [2, 3]),
        scores: tensor([0.5, 0.4, 0.9], [1, 1, 3]),
        boxes: tensor([0, 0, 1, 1, 0, 0, 2, 2, 0, 0, 3, 3], [1, 3, 4]),
      },
      [8, 8],
    );
    expect(rounded(found.scores)).toEqual([0.9, 0.5]);
  });

  test('reads end-to-end rows [N, 15] without a batch axis, also none of them', () => {
    const card: ComposedDecoder = {
      kind: 'composed',
      scores: { factors: [{ tensor: 'dets', at: 4 }] },
      boxes: { from: [{ tensor: 'dets', at: 0 }], values: 'x1 y1 x2 y2', position: { unit: 'pixels' } },
      landmarks: { from: { tensor: 'dets', at: 5 }, points: 5, position: { unit: 'pixels' } },
      suppressed: {},
    };
    const row = [1, 2, 3, 4, 0.6, ...Array.from({ length: 10 }, (_, index) => index)];
    const found = decode(card, { dets: tensor(row, [1, 15]) }, [8, 8]);
    expect(rounded(found.boxesXyxy)).toEqual([1, 2, 3, 4]);
    expect(rounded(found.landmarks)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(decode(card, { dets: tensor([], [0, 15]) }, [8, 8]).count).toBe(0);
  });

  test('takes the larger background of S3FD before the softmax', () => {
    const factor = { tensor: 's', classes: 4, keep: [3], activation: 'softmax-of-maxima' } as const;
    const card: ComposedDecoder = {
      kind: 'composed',
      scores: { factors: [factor] },
      boxes: { from: [{ tensor: 'b' }], values: 'x1 y1 x2 y2', position: { unit: 'pixels' } },
    };
    const tensors = { s: tensor([-5, 1, 0, 1 + Math.log(3)], [1, 4]), b: tensor([0, 0, 1, 1], [1, 4]) };
    // softmax(1, 1 + ln 3) = 3 / 4.
    expect(rounded(decode(card, tensors, [8, 8]).scores)).toEqual([0.75]);
  });

  test('names the output, the expected and the actual shape where the card does not fit', () => {
    const card: ComposedDecoder = {
      kind: 'composed',
      geometry: { levels: [{ stride: 8, anchors: [16] }] },
      scores: { factors: [{ tensor: 'conf', classes: 2, keep: [1] }] },
      boxes: { from: [{ tensor: 'loc' }], values: 'x1 y1 x2 y2', position: { unit: 'pixels' } },
    };
    const conf = tensor(new Array(8).fill(1), [1, 4, 2]);
    const run = () => decode(card, { conf, loc: tensor(new Array(20).fill(0), [1, 4, 5]) }, [16, 16]);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(/output loc: expected \[4, 4\] \(axes "n v"\) for an input of 16 x 16, got \[1, 4, 5\]/);
    expect(() => decode(card, { conf }, [32, 16])).toThrow(/output conf: expected \[8, 2\].*got \[1, 4, 2\]/);
  });

  test('reports NaN in any factor instead of dropping it', () => {
    const card: ComposedDecoder = {
      kind: 'composed',
      scores: {
        factors: [
          { tensor: 'c', axes: 'n', clamp: true },
          { tensor: 'o', axes: 'n', clamp: true },
        ],
      },
      boxes: { from: [{ tensor: 'b' }], values: 'x1 y1 x2 y2', position: { unit: 'pixels' } },
    };
    const b = tensor([0, 0, 1, 1], [1, 4]);
    const nan = tensor([Number.NaN], [1]);
    expect(() => decode(card, { c: tensor([0.5], [1]), o: nan, b }, [8, 8])).toThrow(
      /output o\[0\] of \[1\]: expected a finite number, got NaN/,
    );
    expect(() => decode(card, { c: nan, o: tensor([0.5], [1]), b }, [8, 8])).toThrow(
      /output c\[0\] of \[1\]: expected a finite number, got NaN/,
    );
  });
});
