import { type JsonContract, type JsonSchema, ModelError, readJson } from '@retinabench/core';
import type { CheckpointTensor } from '../checkpoint/storage.js';

const entrySchema: JsonSchema = {
  type: 'object',
  required: ['name', 'shape', 'dtype'],
  properties: {
    name: { type: 'string', minLength: 1 },
    shape: { type: 'array', maxItems: 8, items: { type: 'integer', minimum: 0, maximum: 2 ** 31 } },
    dtype: { enum: ['float32', 'int32'] },
    quantization: {
      type: 'object',
      required: ['dtype', 'scale', 'min'],
      properties: {
        dtype: { enum: ['uint8', 'uint16'] },
        scale: { type: 'number' },
        min: { type: 'number' },
      },
    },
  },
};

const manifestSchema: JsonSchema = {
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    required: ['weights'],
    properties: { weights: { type: 'array', items: entrySchema } },
  },
};

const contract: JsonContract = {
  schema: manifestSchema,
  what: 'a weights manifest',
  next: 'install the package again',
  ErrorClass: ModelError,
};

/** An entry of the manifest: a tensor, plain or quantised to whole numbers. */
interface ManifestEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly quantization?: { readonly dtype: 'uint8' | 'uint16'; readonly scale: number; readonly min: number };
}

/**
 * Read a TensorFlow.js weights manifest with its data: quantised tensors become scale x q + min, as that library
 * computes it.
 *
 * @param manifest text of the manifest.
 * @param data     the binary file that it describes, tensors one after another.
 * @param place    name of the model, for messages.
 * @returns tensors by name; convolutions are [height, width, inputs, outputs].
 * @throws {ModelError} if the manifest is malformed, or the data are shorter or longer than it says.
 * Source: tfjs-core, io/io_utils.ts, decodeWeights.
 */
export function readTfjsWeights(manifest: string, data: Uint8Array, place: string): Map<string, CheckpointTensor> {
  const tensors = new Map<string, CheckpointTensor>();
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let at = 0;
  for (const { name, shape, quantization } of parseManifest(manifest, place)) {
    const count = shape.reduce((product, dim) => product * dim, 1);
    const size = quantization === undefined ? 4 : quantization.dtype === 'uint8' ? 1 : 2;
    if (count * size > data.length - at) {
      throw new ModelError(
        `${place}: tensor ${name}: expected ${count * size} bytes from byte ${at}, got ${data.length - at}; install the package again`,
      );
    }
    const values = new Float32Array(count);
    for (let index = 0; index < count; index++, at += size) {
      if (quantization === undefined) values[index] = view.getFloat32(at, true);
      else {
        const level = size === 1 ? view.getUint8(at) : view.getUint16(at, true);
        values[index] = level * quantization.scale + quantization.min;
      }
    }
    tensors.set(name, { dims: shape, values });
  }
  if (at !== data.length) {
    throw new ModelError(`${place}: expected ${at} bytes of weights, got ${data.length}; install the package again`);
  }
  return tensors;
}

function parseManifest(manifest: string, place: string): ManifestEntry[] {
  return readJson<{ weights: ManifestEntry[] }[]>(manifest, place, contract).flatMap(({ weights }) => weights);
}
