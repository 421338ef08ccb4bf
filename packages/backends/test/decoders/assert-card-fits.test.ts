import { ModelError } from '@retinabench/core';
import { type CardDecoder, type CardInput, type OnnxElementType, writeOnnx } from '@retinabench/models';
import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/backend/backend.js';
import { assertCardFits } from '../../src/decoders/assert-card-fits.js';
import { loadBackend } from '../../src/registry/registry.js';
import { cardOf } from '../fixtures/card.js';
import { FunctionSession } from '../fixtures/fixed-session.js';
import { nodeOf } from '../runtimes/tfjs/node-model.js';

type Dims = readonly (number | string)[];

interface Network {
  readonly input: Dims;
  readonly inputType?: OnnxElementType;
  readonly extraInput?: boolean;
  /** Elements that the Cast of the scores gives. */
  readonly scoreType?: { readonly name: OnnxElementType; readonly code: number };
}

/** A network that passes its input on as `boxes` [n, 4], and sums of their columns as `scores` [n, 2]. */
function network({ input, inputType = 'float', extraInput = false, scoreType }: Network): Uint8Array {
  const { name: scoreElements, code } = scoreType ?? { name: 'float' as const, code: 1 };
  const int64 = (name: string, values: readonly number[]) => ({
    name,
    elementType: 'int64' as const,
    dims: [values.length],
    bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
  });
  return writeOnnx({
    irVersion: 8,
    opset: 17,
    producer: 'test',
    graph: {
      name: 'test',
      inputs: [
        { name: 'input', elementType: inputType, dims: input },
        ...(extraInput ? [{ name: 'im_info', elementType: 'float' as const, dims: [1, 3] }] : []),
      ],
      initialisers: [
        int64('quadruples', [-1, 4]),
        { name: 'sums', elementType: 'float', dims: [4, 2], bytes: new Uint8Array(new Float32Array(8).fill(1).buffer) },
      ],
      nodes: [
        nodeOf('Cast', ['input'], 'floats', { to: 1 }),
        nodeOf('Reshape', ['floats', 'quadruples'], 'boxes'),
        nodeOf('MatMul', ['boxes', 'sums'], 'pairs'),
        nodeOf('Cast', ['pairs'], 'scores', { to: code }),
      ],
      outputs: [
        { name: 'scores', elementType: scoreElements, dims: ['n', 2] },
        { name: 'boxes', elementType: 'float', dims: ['n', 4] },
      ],
    },
    metadata: {},
  });
}

async function fit(
  backend: string,
  model: Network,
  input: Partial<CardInput> = {},
  outputs = { scores: 'scores', boxes: 'boxes' },
): Promise<void> {
  const decoder: CardDecoder = { kind: 'corners', outputs };
  const bytes = network(model);
  const session = await (await loadBackend(backend)).createSession(bytes, 'model test-model', { threads: 1 });
  try {
    assertCardFits(cardOf(decoder, input), session);
  } finally {
    await session.dispose();
  }
}

const free: Dims = [1, 3, 'h', 'w'];
const fixed: CardInput['size'] = { rule: 'fixed', widthPx: 64, heightPx: 48, fit: 'stretch', padValue: 0 };

describe.each(['ort-node', 'ort-wasm', 'tfjs-cpu', 'tfjs-wasm'])('on %s', (backend) => {
  test('a card that fits passes, of a fixed size and of a free one', async () => {
    await fit(backend, { input: free });
    await fit(backend, { input: free }, { size: fixed });
    await fit(backend, { input: [1, 3, 48, 64] }, { size: fixed });
    await fit(backend, { input: ['batch', 48, 64, 3] }, { size: fixed, layout: 'NHWC' });
  });

  const cases: [what: string, model: Network, input: Partial<CardInput>, message: RegExp][] = [
    ['another name of the input', { input: free }, { tensor: 'image' }, /names an input image; the network has input;/],
    ['a size that the network does not take', { input: [1, 3, 64, 64] }, {}, /64 x 64 alone .* the card says any size/],
    [
      'a multiple that the network does not take',
      { input: [1, 3, 48, 64] },
      { size: { rule: 'multiple', of: 32, padValue: 0 } },
      /takes a fixed size, 64 x 48 alone .* any multiple of 32/,
    ],
    ['another fixed size', { input: [1, 3, 64, 48] }, { size: fixed }, /48 x 64 alone .* the card says 64 x 48/],
    ['one side that is fixed', { input: [1, 3, 'h', 64] }, {}, /64 x any height alone/],
    ['the other layout', { input: [1, 48, 64, 3] }, { size: fixed }, /card says NCHW.*\[1, 48, 64, 3\] are NHWC/],
    ['grey images', { input: [1, 1, 'h', 'w'] }, {}, /expected 3 channels \(NCHW\), got 1/],
    ['a batch', { input: [8, 3, 'h', 'w'] }, {}, /expected a batch of 1, got 8/],
    ['a rank', { input: [3, 'h', 'w'] }, {}, /expected four dimensions \(NCHW\), got 3: \[3, \?, \?\]/],
    ['a further input', { input: free, extraInput: true }, {}, /also takes im_info, of which the card says nothing/],
    [
      'a side input that the network lacks',
      { input: free },
      { sides: [{ tensor: 'im_info', dims: [1, 3], values: [1, 1, 1] }] },
      /names an input im_info; the network has input;/,
    ],
  ];
  test.each(cases)(
    '%s is named, with what the card says and what the network has',
    async (_, model, input, message) => {
      await expect(fit(backend, model, input)).rejects.toThrow(ModelError);
      await expect(fit(backend, model, input)).rejects.toThrow(message);
    },
  );

  test('an output that is missing or of other rows is named, with those that there are', async () => {
    const renamed = fit(backend, { input: free }, {}, { scores: 'confidence', boxes: 'boxes' });
    await expect(renamed).rejects.toThrow(/names an output confidence; the network has scores, boxes;/);
    const swapped = fit(backend, { input: free }, {}, { scores: 'boxes', boxes: 'scores' });
    await expect(swapped).rejects.toThrow(/output boxes: expected rows of 2 numbers, got \[\?, 4\]/);
  });
});

describe.each(['ort-node', 'ort-wasm'])('on %s, element types that are not fed', (backend) => {
  const types: [type: OnnxElementType, shown: string][] = [
    ['float16', 'float16'],
    ['uint8', 'uint8'],
    ['int8', 'int8'],
    ['double', 'float64'],
    ['int32', 'int32'],
  ];
  test.each(types)('an input of %s is named', async (inputType, shown) => {
    const loaded = fit(backend, { input: free, inputType });
    await expect(loaded).rejects.toThrow(ModelError);
    await expect(loaded).rejects.toThrow(`input input: expected float32 elements, as the card says, got ${shown}`);
  });

  test('an output of another type of numbers is taken: it is read as float32', async () => {
    await expect(fit(backend, { input: free, scoreType: { name: 'int64', code: 7 } })).resolves.toBeUndefined();
  });
});

test('tfjs names them, too', async () => {
  const half = fit('tfjs-cpu', { input: free, inputType: 'float16' });
  await expect(half).rejects.toThrow(
    /expected float32 elements, as the card says, got float16; correct the card's input/,
  );
  await expect(fit('tfjs-cpu', { input: free, inputType: 'int8' })).rejects.toThrow(/got int8/);
});

test('the number of rows is held against the anchors where everything is fixed, and only there', () => {
  // 64 x 48 under mnet025: 8 x 6 cells of stride 8, 4 x 3 of 16, 2 x 2 of 32 (48 / 32 rounded up), two anchors each: 128.
  const sessionOf = (rows: number, input: Dims): Session => {
    const dims = input.map((dim) => (typeof dim === 'number' ? dim : undefined));
    const tensor = (name: string, columns: number) => ({ name, elementType: 'float32', dims: [1, rows, columns] });
    return Object.assign(new FunctionSession(['conf', 'loc'], () => ({})), {
      signature: {
        inputs: [{ name: 'input', elementType: 'float32', dims }],
        outputs: [tensor('conf', 2), tensor('loc', 4)],
      },
    });
  };
  const decoder: CardDecoder = {
    kind: 'retinaface',
    outputs: { scores: 'conf', boxes: 'loc' },
    anchors: 'mnet025',
    variances: [0.1, 0.2],
    softmaxApplied: true,
  };
  const card = cardOf(decoder, { size: fixed });
  expect(() => assertCardFits(card, sessionOf(128, [1, 3, 48, 64]))).not.toThrow();
  expect(() => assertCardFits(card, sessionOf(126, [1, 3, 48, 64]))).toThrow(
    /output conf: expected \[128, 2\] for an input of 64 x 48, got \[1, 126, 2\]/,
  );
  // The size of a trace, left in a network of free size.
  expect(() => assertCardFits(cardOf(decoder), sessionOf(126, free))).not.toThrow();
});
