import { BackendError } from '@retinabench/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Session, Tensor } from '../../backend/backend.js';
import type { NetworkSignature } from '../../backend/network-signature.js';
import { checkFeeds } from './check-feeds.js';
import type { Graph } from './graph/graph.js';
import type { HostTensor } from './graph/host-tensor.js';
import { signatureOf } from './graph/signature-of.js';
import { outputTensor } from './output-tensor.js';
import { placeFailure } from './place-failure.js';
import { assertSupported } from './plan/assert-supported.js';
import { ConstantStore, DerivedTensors } from './plan/constants.js';
import { type Plan, runPlan } from './plan/plan.js';
import { planStages, runTail, type StagedPlan } from './plan/staged-plan.js';
import { knownTensor } from './plan/value.js';
import { onBackend, type TfjsRuntime } from './runtime.js';
import { storedElements } from './stored-elements.js';

/** Plans of this many input sizes are kept; images of a set differ in size, those of a camera do not. */
const keptPlans = 4;

/** A network on TensorFlow.js: planned once per input size, then carried out step by step. */
export class TfjsSession implements Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly signature: NetworkSignature;
  readonly takesChannelsLast = true;
  readonly #stores: { constants: ConstantStore; derived: DerivedTensors };
  readonly #plans = new Map<string, StagedPlan>();
  #disposed = false;
  readonly #graph: Graph;
  readonly #runtime: TfjsRuntime;

  /**
   * @param graph simplified; the session keeps its weights.
   * @throws {ModelError} naming the first node whose operator is not supported.
   */
  constructor(graph: Graph, runtime: TfjsRuntime) {
    this.#graph = graph;
    this.#runtime = runtime;
    assertSupported(graph);
    this.inputNames = graph.inputs.map(({ name }) => name);
    this.outputNames = [...graph.outputs];
    this.signature = signatureOf(graph);
    this.#stores = { constants: new ConstantStore(), derived: new DerivedTensors(graph.initialisers.values()) };
  }

  async run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>> {
    if (this.#disposed) throw new BackendError(`${this.#graph.place}: the session was disposed; create another`);
    const inputs = checkFeeds(this.#graph, feeds);
    const staged = await onBackend(this.#runtime, () => this.#planFor(inputs.map(({ dims }) => dims)));
    const made = await this.#runHead(staged.head, inputs);
    if (staged.tail !== undefined) {
      const { tail } = staged;
      const late = await onBackend(this.#runtime, () =>
        placeFailure(this.#graph.place, () => runTail(tail, made, this.#stores)),
      );
      for (const [name, tensor] of late) made.set(name, tensor);
    }
    return Object.fromEntries(
      this.outputNames.map((name) => [name, outputTensor(this.#graph, name, made.get(name) as HostTensor)]),
    );
  }

  async #runHead(plan: Plan, inputs: readonly Tensor[]): Promise<Map<string, HostTensor>> {
    const { outputs, tensors } = await onBackend(this.#runtime, () => this.#execute(plan, inputs));
    try {
      const made = new Map<string, HostTensor>();
      for (const { name, dims, type, source } of outputs) {
        const data = source instanceof tf.Tensor ? await download(source) : source;
        made.set(name, { type, dims, data });
      }
      return made;
    } finally {
      for (const tensor of tensors) tensor.dispose();
    }
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const { head } of this.#plans.values()) head.constants.dispose();
    this.#plans.clear();
    this.#stores.constants.dispose();
  }

  /**
   * Plan for the given input dimensions, from memory where they were seen lately.
   *
   * @throws {ModelError} naming the node that cannot be planned.
   */
  planFor(inputDims: readonly (readonly number[])[]): Promise<StagedPlan> {
    return onBackend(this.#runtime, () => this.#planFor(inputDims));
  }

  #planFor(inputDims: readonly (readonly number[])[]): StagedPlan {
    const key = inputDims.map((dims) => dims.join('x')).join();
    let plan = this.#plans.get(key);
    if (plan) this.#plans.delete(key);
    else plan = planStages(this.#graph, inputDims, this.#stores);
    this.#plans.set(key, plan);
    for (const [oldKey, old] of this.#plans) {
      if (this.#plans.size <= keptPlans) break;
      old.head.constants.dispose();
      this.#plans.delete(oldKey);
    }
    return plan;
  }

  #execute(plan: Plan, inputs: readonly Tensor[]) {
    const { place } = this.#graph;
    if (plan.peakBytes > this.#runtime.memoryLimitBytes) {
      throw new BackendError(
        `${place}: an input of [${inputs.map(({ dims }) => dims.join(', ')).join('] and [')}] needs ` +
          `${Math.ceil(plan.peakBytes / 2 ** 20)} MiB of intermediate tensors, backend ${this.#runtime.id} has ` +
          `${Math.floor(this.#runtime.memoryLimitBytes / 2 ** 20)} MiB; choose a smaller --scale or --backend ort-node`,
      );
    }
    const uploaded = inputs.map((input, index) =>
      uploadInput(input, plan.inputs[index].order, this.#graph.inputs[index].elementType),
    );
    const live = placeFailure(place, () => runPlan(plan, uploaded));
    const outputs = plan.outputs.map(({ name, value }) => {
      const known = knownTensor(value);
      const source = known
        ? Float32Array.from(known.data)
        : (live.get((value.source as { slot: number }).slot) as tf.Tensor);
      return { name, dims: value.dims, type: value.type, source };
    });
    return { outputs, tensors: [...live.values()] };
  }
}

/** A tensor of an input, stored in `order`. */
function uploadInput(input: Tensor, order: readonly number[], elementType: string): tf.Tensor {
  const shape = order.map((axis) => input.dims[axis]);
  const type = elementType.startsWith('float') ? 'float32' : elementType === 'bool' ? 'bool' : 'int32';
  return tf.tensor(storedElements(input, order, elementType), shape, type);
}

/** The elements of a tensor as float32, whatever the network makes of them: a comparison gives truth values. */
async function download(tensor: tf.Tensor): Promise<Float32Array> {
  const data = await tensor.data();
  return data instanceof Float32Array ? data.slice() : Float32Array.from(data);
}
