import { BackendError, ModelError, ShapeError } from '@retinabench/core';
import type { InferenceSession, TensorConstructor } from 'onnxruntime-common';
import type { BackendId, Session, Tensor } from '../../backend/backend.js';
import { fromElements, toElements } from '../../backend/elements.js';
import type { NetworkSignature, TensorSignature } from '../../backend/network-signature.js';

/** A session of ONNX Runtime, native or WASM: the two packages share this interface. */
export class OrtSession implements Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly signature: NetworkSignature;
  #session: InferenceSession | undefined;
  /** Outputs of the last run, into which a run on inputs of the same dimensions writes again: no garbage per image. */
  #reusable: { readonly inputDims: string; readonly outputs: InferenceSession.OnnxValueMapType } | undefined;
  readonly #tensorConstructor: TensorConstructor;
  readonly #backend: BackendId;
  readonly #place: string;
  #reusesOutputs: boolean;

  /** @param reusesOutputs whether the runtime can write into tensors that it is given. */
  constructor(
    session: InferenceSession,
    tensorConstructor: TensorConstructor,
    backend: BackendId,
    place: string,
    reusesOutputs: boolean,
  ) {
    this.#tensorConstructor = tensorConstructor;
    this.#backend = backend;
    this.#place = place;
    this.#reusesOutputs = reusesOutputs;
    this.#session = session;
    this.inputNames = [...session.inputNames];
    this.outputNames = [...session.outputNames];
    this.signature = {
      inputs: session.inputMetadata.map(toSignature),
      outputs: session.outputMetadata.map(toSignature),
    };
  }

  async run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>> {
    if (this.#session === undefined) throw new BackendError(`${this.#place}: the session was disposed; create another`);
    for (const name of this.inputNames) {
      if (feeds[name] === undefined) {
        throw new ShapeError(
          `${this.#place}: input ${name}: expected a tensor, got inputs ${Object.keys(feeds).join(', ') || '(none)'}; check the card's input name`,
        );
      }
    }
    const ortFeeds: Record<string, InstanceType<TensorConstructor>> = {};
    for (const [name, { data, dims }] of Object.entries(feeds)) {
      const type = this.signature.inputs.find((input) => input.name === name)?.elementType ?? 'float32';
      const elements = toElements(type, data);
      if (elements === undefined) {
        throw new ModelError(
          `${this.#place}: input ${name}: expected elements that are numbers, got ${type}; export the model with another input`,
        );
      }
      ortFeeds[name] = new this.#tensorConstructor(type as 'float32', elements as Float32Array, dims);
    }
    try {
      const results = await this.#compute(this.#session, ortFeeds);
      const outputs: Record<string, Tensor> = {};
      for (const name of this.outputNames) outputs[name] = toTensor(results[name], `${this.#place}: output ${name}`);
      return outputs;
    } catch (cause) {
      throw cause instanceof BackendError || cause instanceof ModelError ? cause : this.#failure(cause as Error, feeds);
    }
  }

  async dispose(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.release();
  }

  async #compute(
    session: InferenceSession,
    feeds: Record<string, InstanceType<TensorConstructor>>,
  ): Promise<InferenceSession.OnnxValueMapType> {
    if (!this.#reusesOutputs) return session.run(feeds);
    const inputDims = Object.values(feeds)
      .map(({ dims }) => dims.join('x'))
      .join();
    if (this.#reusable?.inputDims === inputDims) {
      try {
        return await session.run(feeds, this.#reusable.outputs);
      } catch {
        // The sizes of the outputs follow from the data of the input, not from its dimensions alone.
        this.#reusesOutputs = false;
        this.#reusable = undefined;
        return session.run(feeds);
      }
    }
    const outputs = await session.run(feeds);
    this.#reusable = { inputDims, outputs };
    return outputs;
  }

  #failure(cause: Error, feeds: Readonly<Record<string, Tensor>>): Error {
    const sizes = Object.entries(feeds).map(([name, { dims }]) => `${name} [${dims.join(', ')}]`);
    const message = `${this.#place}: ${this.#backend} failed on ${sizes.join(', ')}: ${cause.message.trim()}`;
    return /invalid (rank|dimensions)|expected:|dimension/i.test(cause.message)
      ? new ShapeError(`${message}; give the size that the model takes`, { cause })
      : new BackendError(`${message}; the session stays usable`, { cause });
  }
}

/** A shape that is empty is open, or that of a scalar; a dimension that is free has a name, or a number below 1. */
function toSignature(value: InferenceSession.ValueMetadata): TensorSignature {
  if (!value.isTensor) return { name: value.name, elementType: 'no tensor', dims: undefined };
  const dims = value.shape.map((dim) => (typeof dim === 'number' && dim > 0 ? dim : undefined));
  return { name: value.name, elementType: value.type, dims: dims.length === 0 ? undefined : dims };
}

function toTensor(value: InferenceSession.OnnxValueMapType[string], place: string): Tensor {
  const data = fromElements(value.type, value.data);
  if (data === undefined) {
    throw new BackendError(`${place}: expected numbers, got ${value.type}; export the model with float32 outputs`);
  }
  return { data, dims: value.dims };
}
