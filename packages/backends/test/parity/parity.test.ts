import { BackendError } from '@retinabench/core';
import { type OnnxModel, readOnnx, tensorValues, writeOnnx } from '@retinabench/models';
import { describe, expect, test } from 'vitest';
import type { Backend, Detections } from '../../src/index.js';
import { firstDeparture, referenceLayers } from '../../src/index.js';
import { compareDetections } from '../../src/parity/compare-detections.js';
import { compareTensors } from '../../src/parity/compare-tensors.js';
import { countTied } from '../../src/parity/count-tied.js';
import { exposeLayers } from '../../src/parity/expose-layers.js';
import { outputBounds } from '../../src/parity/output-bounds.js';
import { ParityMeter } from '../../src/parity/parity-meter.js';
import { ortNode } from '../../src/runtimes/ort-node/ort-node.js';
import { ortWasm } from '../../src/runtimes/ort-wasm/ort-wasm.js';
import { tfjsWasm } from '../../src/runtimes/tfjs-wasm/tfjs-wasm.js';
import { noiseFeeds } from '../runtimes/tfjs/agreement.js';
import { floats, graphModel, ints, nodeOf, noise, tensorOf } from '../runtimes/tfjs/node-model.js';

const tensor = (...values: number[]) => ({ data: Float32Array.from(values), dims: [values.length] });
const tolerance = { absolute: 0.1, relative: 0.01, boxPx: 0.5 };

describe('compareTensors', () => {
  test('states the largest absolute and relative difference, the latter only for references of at least 0.001', () => {
    // |1.5 - 1| = 0.5, a half of 1; |0.0005 - 0.0001| has a ratio of 4 that says nothing; |100 - 101| = 1, a hundredth.
    const difference = compareTensors(tensor(1, 0.0001, 100), tensor(1.5, 0.0005, 101), tolerance, 'y');
    expect(difference).toEqual({ maxAbsolute: 1, maxRelative: 0.5, withinTolerance: false });
  });

  test('allows absolute plus relative times the reference', () => {
    // Allowed at 100: 0.1 + 0.01 * 100 = 1.1.
    expect(compareTensors(tensor(100), tensor(101), tolerance, 'y').withinTolerance).toBe(true);
    expect(compareTensors(tensor(100), tensor(101.2), tolerance, 'y').withinTolerance).toBe(false);
  });

  test('turns away a number against none, and tensors of other dimensions', () => {
    expect(() => compareTensors(tensor(1, 2), tensor(1, Number.NaN), tolerance, 'output y')).toThrow(BackendError);
    expect(() => compareTensors(tensor(1, 2), tensor(1, Number.NaN), tolerance, 'output y')).toThrow(
      /output y: element 1 is NaN, the reference has 2/,
    );
    expect(() => compareTensors(tensor(1), tensor(1, 2), tolerance, 'y')).toThrow(/dimensions \[1\], got \[2\]/);
    expect(compareTensors(tensor(Infinity), tensor(Infinity), tolerance, 'y').maxAbsolute).toBe(0);
  });
});

test('countTied counts the detections that share their score with a neighbour, but for a rounding', () => {
  // 0.9 alone; 0.5 three times, 1e-7 apart; 0.3 and 0.2999 apart by more than a rounding.
  const scores = Float32Array.of(0.9, 0.5, 0.4999999, 0.4999998, 0.3, 0.2999);
  expect(countTied({ count: 6, scores })).toBe(3);
  expect(countTied({ count: 1, scores })).toBe(0);
});

function detections(rows: readonly (readonly number[])[]): Detections {
  return {
    count: rows.length,
    boxesXyxy: Float32Array.from(rows.flatMap((row) => row.slice(0, 4))),
    scores: Float32Array.from(rows.map((row) => row[4])),
  };
}

describe('compareDetections', () => {
  const reference = detections([
    [0, 0, 10, 10, 0.75],
    [100, 100, 120, 120, 0.5],
  ]);

  test('pairs by overlap, whatever the order, and counts what either run lacks', () => {
    const actual = detections([
      [300, 300, 310, 310, 0.625],
      [100, 100, 120.25, 120, 0.5],
      [0, 0.5, 10, 10, 0.25],
    ]);
    expect(compareDetections(reference, actual)).toEqual({ unmatched: 1, scoreMaxAbsolute: 0.5, boxMaxPx: 0.5 });
    expect(compareDetections(actual, reference).unmatched).toBe(1);
  });

  test('equal scores in another order are no difference; a box among them that moved, or is another, is', () => {
    const tied = [
      [0, 0, 10, 10, 0.25],
      [4, 0, 14, 10, 0.25],
      [50, 0, 60, 10, 0.25],
    ];
    const equal = { unmatched: 0, scoreMaxAbsolute: 0, boxMaxPx: 0 };
    expect(compareDetections(detections(tied), detections(tied.toReversed()))).toEqual(equal);
    const [first, second, third] = tied;
    const moved = [third, [4, 0.75, 14, 10, 0.25], first];
    expect(compareDetections(detections(tied), detections(moved))).toEqual({ ...equal, boxMaxPx: 0.75 });
    // 1 of 10 px in common: 1/19 of the union, so that one box of either has no partner.
    const other = [[59, 0, 69, 10, 0.25], second, first];
    expect(compareDetections(detections(tied), detections(other))).toEqual({ ...equal, unmatched: 2 });
  });

  test('landmarks: the largest distance of a point, and the mean distance of each face over the size of its box', () => {
    const withPoints = (boxes: number[][], shift: number) => ({
      ...detections(boxes),
      // One point of five is off by (3, 4) times the shift.
      landmarks: Float32Array.from(boxes.flatMap(([x, y]) => [x + 3 * shift, y + 4 * shift, x, y, x, y, x, y, x, y])),
    });
    const boxes = [
      [0, 0, 10, 10, 0.75],
      [100, 100, 120, 120, 0.5],
    ];
    const { landmarks } = compareDetections(withPoints(boxes, 0), withPoints(boxes, 1));
    // 5 pixels at most; 5 / 5 over 10 and over 20: 0.1 + 0.05.
    expect(landmarks).toMatchObject({ faces: 2, maxPx: 5 });
    expect(landmarks?.sumOfErrors).toBeCloseTo(0.15, 6);
    expect(compareDetections(withPoints(boxes, 0), detections(boxes)).landmarks).toBeUndefined();

    const meter = new ParityMeter('other', tolerance);
    meter.addImage(withPoints(boxes, 0), withPoints(boxes, 1));
    // Boxes and scores are equal: a landmark alone is past the 0.5 px of a corner.
    expect(meter.result()).toMatchObject({ boxMaxPx: 0, landmarkMaxPx: 5, withinTolerance: false });
    expect(meter.result().landmarkNme).toBeCloseTo(0.075, 6);
  });

  test('no detections on one side leave all of the other unmatched', () => {
    expect(compareDetections(reference, detections([])).unmatched).toBe(2);
    expect(compareDetections(detections([]), reference)).toEqual({ unmatched: 2, scoreMaxAbsolute: 0, boxMaxPx: 0 });
  });
});

describe('outputBounds', () => {
  const own = { absolute: 2e-4, relative: 1e-3, boxPx: 0.1 };
  const outputs = { scores: 's', boxes: 'b' };

  test('knows offsets, fractions and pixels apart', () => {
    const retinaface = {
      kind: 'retinaface',
      outputs,
      anchors: 'mnet025',
      variances: [0.1, 0.2],
      softmaxApplied: false,
    } as const;
    expect(outputBounds(retinaface, own, 640)).toEqual(
      new Map([
        ['s', { role: 'logit', absolute: 2e-4, relative: 1e-3 }],
        ['b', { role: 'offset', absolute: 2e-4, relative: 1e-3 }],
      ]),
    );
    const pixels = outputBounds({ kind: 'boxes', outputs }, own, 640);
    expect(pixels?.get('s')).toEqual({ role: 'score', absolute: 2e-4, relative: 1e-3 });
    expect(pixels?.get('b')).toEqual({ role: 'pixel', absolute: 0.1, relative: 1e-3 });
    // 0.1 pixels of 320 are 0.0003125 of the side; of 640, 0.00015625, below the bound of outputs.
    expect(outputBounds({ kind: 'corners', outputs }, own, 320)?.get('b')?.absolute).toBe(0.1 / 320);
    expect(outputBounds({ kind: 'corners', outputs }, own, 640)?.get('b')?.absolute).toBe(2e-4);
  });

  test('holds one output of boxes and scores to the wider of the two, and compares no rows that a graph suppressed', () => {
    const composed = {
      kind: 'composed',
      scores: { factors: [{ tensor: 'rows', at: 4 }] },
      boxes: { from: [{ tensor: 'rows', at: 0 }], values: 'x1 y1 x2 y2', position: { unit: 'pixels' } },
    } as const;
    expect(outputBounds(composed, own, 640)?.get('rows')).toEqual({ role: 'pixel', absolute: 0.1, relative: 1e-3 });
    expect(outputBounds({ ...composed, suppressed: {} }, own, 640)).toBeUndefined();
  });

  test('a meter passes decoded corners 0.05 px apart, and offsets only within their own bound', () => {
    const meterOf = (role: 'pixel' | 'offset', absolute: number) => {
      const meter = new ParityMeter('tfjs-cpu', own);
      meter.addOutputs({ b: tensor(2) }, { b: tensor(2.05) }, new Map([['b', { role, absolute, relative: 1e-3 }]]));
      return meter.result();
    };
    expect(meterOf('pixel', 0.1)).toMatchObject({
      withinTolerance: true,
      outputRole: { b: 'pixel' },
      outputTolerance: { b: 0.1 },
    });
    expect(meterOf('offset', 2e-4).withinTolerance).toBe(false);
  });
});

test('boxes without area are no detections that a backend could lack', () => {
  const flat = detections([
    [5, 5, 5, 9, 0.9],
    [9, 5, 3, 9, 0.8],
  ]);
  expect(compareDetections(flat, detections([]))).toEqual({ unmatched: 0, scoreMaxAbsolute: 0, boxMaxPx: 0 });
  expect(compareDetections(detections([]), flat).unmatched).toBe(0);
});

describe('ParityMeter', () => {
  const box = [0, 0, 10, 10, 0.5];
  const shifted = [0, 0, 10.75, 10, 0.5];

  test('passes two identical runs', () => {
    const meter = new ParityMeter('tfjs-cpu', tolerance);
    meter.addOutputs({ y: tensor(1, 2) }, { y: tensor(1, 2) });
    meter.addImage(detections([box]), detections([box]));
    expect(meter.result({ easy: 0 })).toMatchObject({ withinTolerance: true, images: 1, detections: 1, unmatched: 0 });
  });

  test.each([
    ['an output', tensor(1.2), box, {}],
    ['a score', tensor(1), [...box.slice(0, 4), 0.75], {}],
    ['a corner', tensor(1), shifted, {}],
    ['AP', tensor(1), box, { hard: -0.001 }],
  ])('fails on %s past its tolerance', (_what, output, row, ap) => {
    const meter = new ParityMeter('tfjs-cpu', tolerance);
    meter.addOutputs({ y: tensor(1) }, { y: output });
    meter.addImage(detections([box]), detections([row]));
    expect(meter.result(ap).withinTolerance).toBe(false);
  });

  test('allows one detection in a thousand, rounded up, to lack a partner', () => {
    const meter = new ParityMeter('tfjs-cpu', tolerance);
    meter.addImage(detections([box]), detections([]));
    expect(meter.result().withinTolerance).toBe(true);
    meter.addImage(detections([box]), detections([]));
    expect(meter.result().withinTolerance).toBe(false);
  });
});

/** Three convolutions with activations, and shape arithmetic beside them. */
function network(): Uint8Array {
  const weight = (name: string, dims: readonly number[], seed: number) =>
    tensorOf(
      name,
      floats(
        dims,
        noise(
          dims.reduce((p, d) => p * d, 1),
          seed,
        ),
      ),
    );
  return graphModel(
    [[1, 3, 'height', 'width']],
    [
      nodeOf('Conv', ['x0', 'w1'], 'c1', { pads: [1, 1, 1, 1] }),
      nodeOf('Relu', ['c1'], 'a1'),
      nodeOf('Conv', ['a1', 'w2'], 'c2', { pads: [1, 1, 1, 1] }),
      nodeOf('LeakyRelu', ['c2'], 'a2', { alpha: { float: 0.1 } }),
      nodeOf('Conv', ['a2', 'w3'], 'c3'),
      nodeOf('Shape', ['c3'], 'size'),
      nodeOf('Gather', ['size', 'first'], 'batch'),
      nodeOf('Concat', ['batch', 'rest'], 'flat', { axis: 0 }),
      nodeOf('Reshape', ['c3', 'flat'], 'y'),
    ],
    ['y'],
    [
      weight('w1', [4, 3, 3, 3], 1),
      weight('w2', [4, 4, 3, 3], 2),
      weight('w3', [2, 4, 1, 1], 3),
      tensorOf('first', ints(0)),
      tensorOf('rest', ints(-1)),
    ],
  );
}

/** A backend that computes with one weight wrong by a tenth. */
function withFault(backend: Backend, weight: string): Backend {
  return {
    ...backend,
    createSession(bytes, place, options) {
      const model = readOnnx(bytes, place);
      const initialisers = model.graph.initialisers.map((constant) => {
        if (constant.name !== weight) return constant;
        const values = Float32Array.from(tensorValues(constant), (value) => value * 1.1);
        return { ...constant, bytes: new Uint8Array(values.buffer) };
      });
      const faulty: OnnxModel = { ...model, graph: { ...model.graph, initialisers } };
      return backend.createSession(writeOnnx(faulty), place, options);
    },
  };
}

describe('layers', () => {
  const options = { threads: 1 };
  const feeds = noiseFeeds([[1, 3, 8, 9]]);

  test('every float value becomes an output, shapes and what is fused into a convolution do not', () => {
    const { layers, model } = exposeLayers(network(), 'net.onnx');
    expect(layers.map(({ output }) => output)).toEqual(['a1', 'a2', 'c3', 'y']);
    expect(readOnnx(model, 'net.onnx').graph.outputs.map(({ name }) => name)).toEqual(['y', 'a1', 'a2', 'c3']);
  });

  test.each([tfjsWasm, ortWasm])(
    '$id: no node departs, and a planted fault is found at its node',
    async (backend: Backend) => {
      const reference = await referenceLayers(ortNode, network(), 'net.onnx', feeds, options);
      expect(await firstDeparture(backend, reference, 'net.onnx', options)).toBeUndefined();
      const departure = await firstDeparture(withFault(backend, 'w2'), reference, 'net.onnx', options);
      expect(departure?.layer).toEqual({ output: 'a2', node: 'LeakyRelu-a2', operator: 'LeakyRelu' });
      expect(departure?.maxAbsolute).toBeGreaterThan(departure?.tolerance ?? Infinity);
    },
  );
});
