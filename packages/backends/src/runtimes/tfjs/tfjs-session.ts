import { BackendError, decodeFloat16, encodeFloat16, ModelError, ShapeError } from '@retinabench/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Session, Tensor } from '../../backend/backend.js';
import { fromElements, toElements } from '../../backend/elements.js';
import type { NetworkSignature } from '../../backend/network-signature.js';
import type { Graph } from './graph/graph.js';
import { type HostTensor, sizeOf } from './graph/host-tensor.js';
import { operatorTable } from './operators/table.js';
import { ConstantStore, DerivedTensors } from './plan/constants.js';
import { type Plan, runPlan } from './plan/plan.js';
import { unsupportedOperator } from './plan/plan-graph.js';
import { planStages, runTail, type StagedPlan } from './plan/staged-plan.js';
import { knownTensor } from './plan/value.js';
import { onBackend, type TfjsRuntime } from './runtime.js';

/** Plans of this many input sizes are kept; images of a set differ in size, those of a camera do not. */
const keptPlans = 4;

/** A network on TensorFlow.js: planned once per input size, then carried out step by step. */
export class TfjsSession implements Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly signature: NetworkSignature;
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
    const unknown = graph.nodes.find(({ operator }) => !operatorTable.has(operator));
    if (unknown) throw unsupportedOperator(graph, unknown);
    this.inputNames = graph.inputs.map(({ name }) => name);
    this.outputNames = [...graph.outputs];
    this.signature = {
      inputs: graph.inputs,
      outputs: graph.outputs.map((name) => ({
        name,
        elementType: graph.outputTypes?.get(name) ?? 'float32',
        dims: graph.outputDims?.get(name),
      })),
    };
    this.#stores = { constants: new ConstantStore(), derived: new DerivedTensors(graph.initialisers.values()) };
  }

  async run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>> {
    if (this.#disposed) throw new BackendError(`${this.#graph.place}: the session was disposed; create another`);
    const inputs = this.#checkFeeds(feeds);
    const staged = await onBackend(this.#runtime, () => this.#planFor(inputs.map(({ dims }) => dims)));
    const made = await this.#runHead(staged.head, inputs);
    if (staged.tail !== undefined) {
      const { tail } = staged;
      const late = await onBackend(this.#runtime, () =>
        placeFailure(this.#graph.place, () => runTail(tail, made, this.#stores)),
      );
      for (const [name, tensor] of late) made.set(name, tensor);
    }
    return Object.fromEntries(this.outputNames.map((name) => [name, this.#output(name, made.get(name) as HostTensor)]));
  }

  /** An output as it leaves: float32, rounded where the network itself rounds it to half precision. */
  #output(name: string, { data, dims }: HostTensor): Tensor {
    const floats = data instanceof Float32Array ? data : Float32Array.from(data);
    const halved = this.#graph.outputTypes?.get(name) === 'float16';
    return { data: halved ? decodeFloat16(encodeFloat16(floats)) : floats, dims };
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

  #checkFeeds(feeds: Readonly<Record<string, Tensor>>): Tensor[] {
    const { place, inputs } = this.#graph;
    const extra = Object.keys(feeds).find((name) => !this.inputNames.includes(name));
    if (extra !== undefined) {
      throw new ShapeError(`${place}: input "${extra}" is unknown; the model takes ${this.inputNames.join(', ')}`);
    }
    return inputs.map(({ name, dims }) => {
      const feed = feeds[name];
      if (!feed) throw new ShapeError(`${place}: input "${name}" is missing`);
      const got = `[${feed.dims.join(', ')}]`;
      if (
        dims &&
        (feed.dims.length !== dims.length || dims.some((dim, axis) => dim !== undefined && dim !== feed.dims[axis]))
      ) {
        const expected = dims.map((dim) => dim ?? '?').join(', ');
        throw new ShapeError(
          `${place}: input "${name}": expected dimensions [${expected}], got ${got}; give the size that the model takes`,
        );
      }
      if (sizeOf(feed.dims) !== feed.data.length || feed.dims.some((dim) => !Number.isInteger(dim) || dim < 1)) {
        throw new ShapeError(`${place}: input "${name}": dimensions ${got} do not fit ${feed.data.length} elements`);
      }
      return feed;
    });
  }
}

/** A tensor of an input, stored in `order`; images go channels last here, in less time than a transposition afterwards. */
function uploadInput({ data, dims }: Tensor, order: readonly number[], elementType: string): tf.Tensor {
  const shape = order.map((axis) => dims[axis]);
  const elements = exactElements(data, elementType);
  const type = elementType.startsWith('float') ? 'float32' : elementType === 'bool' ? 'bool' : 'int32';
  if (order.every((axis, position) => axis === position)) return tf.tensor(elements, shape, type);
  const [batch, channels, height, width] = dims;
  const cells = height * width;
  const stored = elements.slice();
  for (let plane = 0; plane < batch * channels; plane++) {
    const from = plane * cells;
    let to = Math.floor(plane / channels) * cells * channels + (plane % channels);
    for (let cell = 0; cell < cells; cell++, to += channels) stored[to] = elements[from + cell];
  }
  return tf.tensor(stored, shape, type);
}

/** What is left of numbers in the network's own type, in one that TensorFlow.js has. */
function exactElements(data: Float32Array, elementType: string): Float32Array | Int32Array | Uint8Array {
  if (elementType === 'float32' || elementType === 'float64') return data;
  const elements = toElements(elementType, data);
  if (elementType === 'float16') return fromElements(elementType, elements) as Float32Array;
  if (elementType === 'bool') return elements as Uint8Array;
  return Int32Array.from(fromElements(elementType, elements) ?? data);
}

/** The elements of a tensor as float32, whatever the network makes of them: a comparison gives truth values. */
async function download(tensor: tf.Tensor): Promise<Float32Array> {
  const data = await tensor.data();
  return data instanceof Float32Array ? data.slice() : Float32Array.from(data);
}

function placeFailure<T>(place: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    if (cause instanceof ModelError || cause instanceof BackendError) {
      throw new BackendError(`${place}: ${cause.message}; the session stays usable`, { cause });
    }
    throw cause;
  }
}
