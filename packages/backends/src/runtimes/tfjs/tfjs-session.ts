import { BackendError, ModelError, ShapeError } from '@retinabench/core';
import type { OnnxElementType } from '@retinabench/models';
import * as tf from '@tensorflow/tfjs-core';
import type { Session, Tensor } from '../../backend/backend.js';
import type { NetworkSignature } from '../../backend/network-signature.js';
import type { Graph } from './graph/graph.js';
import { sizeOf } from './graph/host-tensor.js';
import { operatorTable } from './operators/table.js';
import { ConstantStore, DerivedTensors } from './plan/constants.js';
import { type Plan, runPlan } from './plan/plan.js';
import { planGraph, unsupportedOperator } from './plan/plan-graph.js';
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
  readonly #plans = new Map<string, Plan>();
  #disposed = false;

  /**
   * @param graph simplified; the session keeps its weights.
   * @throws {ModelError} naming the first node whose operator is not supported.
   */
  constructor(
    private readonly graph: Graph,
    private readonly runtime: TfjsRuntime,
  ) {
    const unknown = graph.nodes.find(({ operator }) => !operatorTable.has(operator));
    if (unknown) throw unsupportedOperator(graph, unknown);
    this.inputNames = graph.inputs.map(({ name }) => name);
    this.outputNames = [...graph.outputs];
    this.signature = {
      inputs: graph.inputs.map(({ name, dims }) => ({
        name,
        elementType: typeName(graph.inputTypes?.get(name)),
        dims,
      })),
      // Whatever an output is in the file, it is float32 when it leaves.
      outputs: graph.outputs.map((name) => ({ name, elementType: 'float32', dims: graph.outputDims?.get(name) })),
    };
    this.#stores = { constants: new ConstantStore(), derived: new DerivedTensors(graph.initialisers.values()) };
  }

  async run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>> {
    if (this.#disposed) throw new BackendError(`${this.graph.place}: the session was disposed; create another`);
    const inputs = this.#checkFeeds(feeds);
    const { outputs, tensors } = await onBackend(this.runtime, () =>
      this.#execute(this.#planFor(inputs.map(({ dims }) => dims)), inputs),
    );
    try {
      const results: Record<string, Tensor> = {};
      for (const { name, dims, source } of outputs) {
        results[name] = { data: source instanceof tf.Tensor ? await download(source) : source, dims };
      }
      return results;
    } finally {
      for (const tensor of tensors) tensor.dispose();
    }
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const plan of this.#plans.values()) plan.constants.dispose();
    this.#plans.clear();
    this.#stores.constants.dispose();
  }

  /**
   * Plan for the given input dimensions, from memory where they were seen lately.
   *
   * @throws {ModelError} naming the node that cannot be planned.
   */
  planFor(inputDims: readonly (readonly number[])[]): Promise<Plan> {
    return onBackend(this.runtime, () => this.#planFor(inputDims));
  }

  #planFor(inputDims: readonly (readonly number[])[]): Plan {
    const key = inputDims.map((dims) => dims.join('x')).join();
    let plan = this.#plans.get(key);
    if (plan) this.#plans.delete(key);
    else plan = planGraph(this.graph, inputDims, this.#stores);
    this.#plans.set(key, plan);
    for (const [oldKey, old] of this.#plans) {
      if (this.#plans.size <= keptPlans) break;
      old.constants.dispose();
      this.#plans.delete(oldKey);
    }
    return plan;
  }

  #execute(plan: Plan, inputs: readonly Tensor[]) {
    const { place } = this.graph;
    if (plan.peakBytes > this.runtime.memoryLimitBytes) {
      throw new BackendError(
        `${place}: an input of [${inputs.map(({ dims }) => dims.join(', ')).join('] and [')}] needs ` +
          `${Math.ceil(plan.peakBytes / 2 ** 20)} MiB of intermediate tensors, backend ${this.runtime.id} has ` +
          `${Math.floor(this.runtime.memoryLimitBytes / 2 ** 20)} MiB; choose a smaller --scale or --backend ort-node`,
      );
    }
    const uploaded = inputs.map((input, index) => uploadInput(input, plan.inputs[index].order));
    const live = placeFailure(place, () => runPlan(plan, uploaded));
    const outputs = plan.outputs.map(({ name, value }) => {
      const known = knownTensor(value);
      const source = known
        ? Float32Array.from(known.data)
        : (live.get((value.source as { slot: number }).slot) as tf.Tensor);
      return { name, dims: value.dims, source };
    });
    return { outputs, tensors: [...live.values()] };
  }

  #checkFeeds(feeds: Readonly<Record<string, Tensor>>): Tensor[] {
    const { place, inputs } = this.graph;
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

/** The name that ONNX Runtime has for an element type. */
function typeName(type: OnnxElementType = 'float'): string {
  return type === 'float' ? 'float32' : type === 'double' ? 'float64' : type;
}

/** A tensor of an input, stored in `order`; images go channels last here, in less time than a transposition afterwards. */
function uploadInput({ data, dims }: Tensor, order: readonly number[]): tf.Tensor {
  const shape = order.map((axis) => dims[axis]);
  if (order.every((axis, position) => axis === position)) return tf.tensor(data, shape, 'float32');
  const [batch, channels, height, width] = dims;
  const cells = height * width;
  const stored = new Float32Array(data.length);
  for (let plane = 0; plane < batch * channels; plane++) {
    const from = plane * cells;
    let to = Math.floor(plane / channels) * cells * channels + (plane % channels);
    for (let cell = 0; cell < cells; cell++, to += channels) stored[to] = data[from + cell];
  }
  return tf.tensor(stored, shape, 'float32');
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
