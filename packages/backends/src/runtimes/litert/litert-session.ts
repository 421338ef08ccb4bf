import { BackendError } from '@retinabench/core';
import type { Session, Tensor } from '../../backend/backend.js';
import type { NetworkSignature } from '../../backend/network-signature.js';
import { Turns } from '../../backend/turns.js';
import { checkFeeds } from '../tfjs/check-feeds.js';
import type { Graph } from '../tfjs/graph/graph.js';
import type { HostTensor } from '../tfjs/graph/host-tensor.js';
import { signatureOf } from '../tfjs/graph/signature-of.js';
import { outputTensor } from '../tfjs/output-tensor.js';
import { placeFailure } from '../tfjs/place-failure.js';
import { assertSupported } from '../tfjs/plan/assert-supported.js';
import { ConstantStore, DerivedTensors } from '../tfjs/plan/constants.js';
import { runTail } from '../tfjs/plan/staged-plan.js';
import { onBackend } from '../tfjs/runtime.js';
import { storedElements } from '../tfjs/stored-elements.js';
import { type ConvertedGraph, convertGraph } from './convert-graph.js';
import type { LitertArray } from './litert-module.js';
import type { LitertRuntime } from './litert-runtime.js';
import { planningRuntime } from './planning.js';
import { StagedNetwork } from './staged-network.js';

/** Networks of this many input sizes are kept; images of a set differ in size, those of a camera do not. */
const keptNetworks = 4;

/** Its memory is 32-bit WebAssembly, of which weights and workspace take a part. */
const memoryLimitBytes = 1.5 * 2 ** 30;

/** A network written for one input size and loaded. */
interface Loaded {
  readonly converted: ConvertedGraph;
  readonly network: StagedNetwork;
  /** Room for each input as the network stores it. */
  readonly rooms: readonly Float32Array[];
}

/** What a network gave. */
interface Computed {
  readonly converted: ConvertedGraph;
  readonly results: readonly LitertArray[];
}

/** An .onnx network on LiteRT: written as TensorFlow Lite once per input size. */
export class LitertSession implements Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly signature: NetworkSignature;
  readonly takesChannelsLast = true;
  readonly #stores: { constants: ConstantStore; derived: DerivedTensors };
  readonly #loaded = new Map<string, Loaded>();
  readonly #graph: Graph;
  readonly #runtime: LitertRuntime;
  readonly #turns = new Turns();
  #disposed = false;

  /**
   * @param graph simplified; the session keeps its weights.
   * @throws {ModelError} naming the first node whose operator is not supported.
   */
  constructor(graph: Graph, runtime: LitertRuntime) {
    assertSupported(graph);
    this.#graph = graph;
    this.#runtime = runtime;
    this.inputNames = graph.inputs.map(({ name }) => name);
    this.outputNames = [...graph.outputs];
    this.signature = signatureOf(graph);
    this.#stores = { constants: new ConstantStore(), derived: new DerivedTensors(graph.initialisers.values()) };
  }

  async run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>> {
    if (this.#disposed) throw new BackendError(`${this.#graph.place}: the session was disposed; create another`);
    // Rooms and the memory of convolutions are the session's own.
    return this.#turns.take(() => this.#run(feeds));
  }

  async #run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>> {
    const { converted, results } = await this.#compute(checkFeeds(this.#graph, feeds));
    const made = new Map(converted.outputs.map((output) => [output.name, hostOutput(output, results)]));
    if (converted.tail !== undefined) {
      const { tail } = converted;
      const late = await onBackend(planningRuntime, () =>
        placeFailure(this.#graph.place, () => runTail(tail, made, this.#stores)),
      );
      for (const [name, tensor] of late) made.set(name, tensor);
    }
    return Object.fromEntries(
      this.outputNames.map((name) => [name, outputTensor(this.#graph, name, made.get(name) as HostTensor)]),
    );
  }

  /** The network's outputs; where its memory does not suffice, once more without the networks of other input sizes. */
  async #compute(inputs: readonly Tensor[]): Promise<Computed> {
    try {
      return await this.#computeOnce(inputs);
    } catch (error) {
      const others = this.#loaded.size > 1;
      this.#release();
      if (!others) throw error;
    }
    try {
      return await this.#computeOnce(inputs);
    } catch (error) {
      // The next input finds all of the memory.
      this.#release();
      throw error;
    }
  }

  async #computeOnce(inputs: readonly Tensor[]): Promise<Computed> {
    const { converted, network, rooms } = await this.networkFor(inputs.map(({ dims }) => dims));
    const stored = inputs.map((input, index) => {
      const order = converted.inputOrders[index];
      const data = storedElements(input, order, this.#graph.inputs[index].elementType, rooms[index]);
      return data instanceof Uint8Array ? Int32Array.from(data) : data;
    });
    return { converted, results: await network.run(stored, this.#graph.place) };
  }

  /** Forget the networks of all input sizes. */
  #release(): void {
    for (const { network } of this.#loaded.values()) network.dispose();
    this.#loaded.clear();
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#turns.take(async () => {
      this.#release();
      this.#stores.constants.dispose();
    });
  }

  /**
   * The network for the given input dimensions, from memory where they were seen lately.
   *
   * @throws {ModelError} naming the node that cannot be written.
   */
  async networkFor(inputDims: readonly (readonly number[])[]): Promise<Loaded> {
    const key = inputDims.map((dims) => dims.join('x')).join();
    let loaded = this.#loaded.get(key);
    if (loaded) {
      this.#loaded.delete(key);
    } else {
      const converted = await convertGraph(this.#graph, inputDims, this.#stores, memoryLimitBytes);
      const network = await StagedNetwork.load(this.#runtime, converted.model, this.#graph.place);
      const rooms = inputDims.map((dims) => new Float32Array(dims.reduce((size, dim) => size * dim, 1)));
      loaded = { converted, network, rooms };
    }
    this.#loaded.set(key, loaded);
    for (const [oldKey, old] of this.#loaded) {
      if (this.#loaded.size <= keptNetworks) break;
      old.network.dispose();
      this.#loaded.delete(oldKey);
    }
    return loaded;
  }
}

function hostOutput(output: ConvertedGraph['outputs'][number], results: readonly LitertArray[]): HostTensor {
  const data = output.kind === 'known' ? Float64Array.from(output.values) : results[output.position];
  return data instanceof Float32Array
    ? { type: 'float', dims: output.dims, data }
    : { type: 'int', dims: output.dims, data: Float64Array.from(data) };
}
