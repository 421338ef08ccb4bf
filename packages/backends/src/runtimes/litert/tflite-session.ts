import { BackendError, ModelError } from '@retinabench/core';
import { readTflite, type TfliteModel, type TfliteTensor } from '@retinabench/models';
import type { Session, Tensor } from '../../backend/backend.js';
import type { NetworkSignature, TensorSignature } from '../../backend/network-signature.js';
import { checkFeeds } from '../tfjs/check-feeds.js';
import { contentSizedOutput } from './content-sized.js';
import type { LitertArray } from './litert-module.js';
import { LitertNetwork, type LitertRuntime } from './litert-runtime.js';

/** Element types that LiteRT.js passes in and out. */
const passedTypes = ['float32', 'int32', 'uint8'];

const next = 'convert the model with float32 inputs and outputs (inference_input_type, inference_output_type)';

/** A .tflite network of a user on LiteRT, as it is. */
export class TfliteSession implements Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly signature: NetworkSignature;
  readonly #network: LitertNetwork;
  readonly #place: string;
  readonly #inputs: readonly TfliteTensor[];
  readonly #outputs: readonly TfliteTensor[];
  #disposed = false;

  /**
   * Load a network.
   *
   * @param bytes a .tflite file.
   * @param place the file's name, for messages.
   * @throws {ModelError} if the file is damaged, LiteRT cannot load it, its inputs or outputs have elements that cannot be
   * passed, or the size of an output depends on the content of the input.
   */
  static async open(bytes: Uint8Array, place: string, runtime: LitertRuntime): Promise<TfliteSession> {
    const model = readTflite(bytes, place);
    for (const index of [...model.inputs, ...model.outputs]) assertPassed(model.tensors[index], place);
    assertSettledSizes(model, place);
    const network = await LitertNetwork.load(runtime, bytes, place, next);
    try {
      return new TfliteSession(model, network, place);
    } catch (error) {
      network.dispose();
      throw error;
    }
  }

  private constructor(model: TfliteModel, network: LitertNetwork, place: string) {
    this.#network = network;
    this.#place = place;
    const { inputs, outputs } = network.names;
    this.#inputs = ordered(model, model.inputs, inputs, place);
    this.#outputs = ordered(model, model.outputs, outputs, place);
    this.inputNames = inputs;
    this.outputNames = outputs;
    this.signature = { inputs: this.#inputs.map(signatureOf), outputs: this.#outputs.map(signatureOf) };
  }

  async run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>> {
    if (this.#disposed) throw new BackendError(`${this.#place}: the session was disposed; create another`);
    const fed = checkFeeds({ place: this.#place, inputs: this.signature.inputs }, feeds);
    const results = await this.#network.run(
      fed.map(({ data, dims }, index) => ({ data: quantised(data, this.#inputs[index]), dims })),
      this.#place,
    );
    return Object.fromEntries(
      this.#outputs.map((tensor, index) => {
        assertLength(results[index], tensor, this.#place);
        return [this.outputNames[index], { data: dequantised(results[index], tensor), dims: tensor.dims }];
      }),
    );
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#network.dispose();
  }
}

function assertPassed({ name, type, quantisation }: TfliteTensor, place: string): void {
  const scale = quantisation?.scales.find((value) => !(value > 0 && Number.isFinite(value)));
  if (scale !== undefined) {
    throw new ModelError(
      `${place}: tensor ${name}: expected a positive scale of its quantisation, got ${scale}; the file is damaged: convert the model again`,
    );
  }
  if (passedTypes.includes(type) && (quantisation === undefined || quantisation.scales.length === 1)) return;
  throw new ModelError(
    `${place}: tensor ${name}: expected elements of ${passedTypes.join(', ')}, got ${type}${
      quantisation === undefined ? '' : ` quantised by ${quantisation.scales.length} scales`
    }; ${next}`,
  );
}

function assertSettledSizes(model: TfliteModel, place: string): void {
  const found = contentSizedOutput(model);
  if (found === undefined) return;
  throw new ModelError(
    `${place}: output ${found.output}: expected a size that does not depend on the content of the input, got one that ${found.operator} ` +
      `decides while it runs, which LiteRT.js cannot pass; convert the model without that step (a decoder's card names the suppression)`,
  );
}

function assertLength(data: LitertArray, { name, dims }: TfliteTensor, place: string): void {
  const expected = dims.reduce((size, dim) => size * dim, 1);
  if (data.length === expected) return;
  throw new BackendError(
    `${place}: output ${name}: expected ${expected} numbers of [${dims.join(', ')}], got ${data.length}; convert the model with fixed dimensions`,
  );
}

/** The tensors in the order of the runtime's names. */
function ordered(
  { tensors }: TfliteModel,
  indices: readonly number[],
  names: readonly string[],
  place: string,
): TfliteTensor[] {
  return names.map((name) => {
    const index = indices.find((at) => tensors[at].name === name);
    if (index !== undefined) return tensors[index];
    throw new ModelError(
      `${place}: LiteRT knows a tensor ${name} that the file does not name; convert the model again`,
    );
  });
}

/** A quantised tensor takes and gives real numbers; its whole numbers are the runtime's affair. */
function signatureOf({ name, type, dims, quantisation }: TfliteTensor): TensorSignature {
  return { name, elementType: quantisation === undefined ? type : 'float32', dims };
}

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  uint8: [0, 255],
  int32: [-(2 ** 31), 2 ** 31 - 1],
};

/** Numbers as the file stores them: rounded to the nearest step, and clipped to the type. */
function quantised(data: Float32Array, { type, quantisation }: TfliteTensor): LitertArray {
  if (type === 'float32') return data;
  const [least, most] = ranges[type];
  const scale = quantisation?.scales[0] ?? 1;
  const zero = quantisation?.zeroPoints[0] ?? 0;
  // float32 has no 2^31 - 1: rounded to 2^31, it would turn negative.
  const step = (value: number): number => Math.min(most, Math.max(least, Math.round(value / scale) + zero));
  return type === 'uint8' ? Uint8Array.from(data, step) : Int32Array.from(data, step);
}

/** The real numbers that stored ones stand for. */
function dequantised(data: LitertArray, { quantisation }: TfliteTensor): Float32Array {
  if (quantisation === undefined) return data instanceof Float32Array ? data : Float32Array.from(data);
  const [scale] = quantisation.scales;
  const [zero] = quantisation.zeroPoints;
  return Float32Array.from(data, (value) => (value - zero) * scale);
}
