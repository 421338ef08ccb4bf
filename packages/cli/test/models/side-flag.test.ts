import { ModelError } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { networkInput } from '../../src/models/card/network-input.js';
import { parseSides } from '../../src/models/card/side-flag.js';

type Dims = readonly (number | undefined)[];

/** A session that states these inputs, and is not run. */
function stating(inputs: Readonly<Record<string, Dims>>, elementType = 'float32') {
  return {
    inputNames: Object.keys(inputs),
    outputNames: [],
    signature: { inputs: Object.entries(inputs).map(([name, dims]) => ({ name, elementType, dims })), outputs: [] },
    run: () => Promise.reject(new Error('not run')),
    dispose: () => Promise.resolve(),
  };
}

const image: Dims = [1, 3, undefined, undefined];

describe('parseSides', () => {
  it('reads values with the dimensions of the network', () => {
    const session = stating({ image, thresholds: [2], 'a=b': [] });
    expect(parseSides(['thresholds=0.5,0.25', 'a=b=3'], session, 'm')).toEqual([
      { tensor: 'thresholds', dims: [2], values: [0.5, 0.25] },
      { tensor: 'a=b', dims: [], values: [3] },
    ]);
  });

  it('names an input that there is not, and another number of values', () => {
    const session = stating({ image, thresholds: [2] });
    expect(() => parseSides(['threshold=1'], session, 'm')).toThrow(/no input threshold, it has image, thresholds/);
    expect(() => parseSides(['thresholds=1'], session, 'm')).toThrow(/expected 2 numbers for \[2\]/);
    expect(() => parseSides(['thresholds=1,x'], session, 'm')).toThrow(ModelError);
  });
});

describe('networkInput', () => {
  it('reads layout, element type and size off the network', () => {
    expect(networkInput(stating({ x: [1, 128, 96, 3] }, 'uint8'), [], 'm')).toMatchObject({
      base: { tensor: 'x', layout: 'NHWC', type: 'uint8' },
      sizes: [{ rule: 'fixed', widthPx: 96, heightPx: 128 }, {}, {}, {}],
    });
    expect(networkInput(stating({ x: image }), [], 'm')).toMatchObject({
      base: { tensor: 'x', layout: 'NCHW' },
      sizes: [{ rule: 'multiple', of: 32 }, {}, {}, { rule: 'any' }, { fit: 'stretch' }],
    });
  });

  it('asks for what further inputs are fed, and says what is not taken', () => {
    expect(() => networkInput(stating({ image, threshold: [] }), [], 'm')).toThrow(/--side NAME=VALUE/);
    expect(
      networkInput(stating({ image, t: [] }), [{ tensor: 't', dims: [], values: [1] }], 'm').base.sides,
    ).toHaveLength(1);
    expect(() => networkInput(stating({ image: [8, 3, 64, 64] }), [], 'm')).toThrow(/expected a batch of 1, got 8/);
    expect(() => networkInput(stating({ image: [1, 1, 64, 64] }), [], 'm')).toThrow(/expected 3 channels/);
    expect(() => networkInput(stating({ image }, 'int8'), [], 'm')).toThrow(
      /expected float32, float16, uint8 elements, got int8/,
    );
  });
});
