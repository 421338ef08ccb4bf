import { ModelError } from '@retinabench/core';
import * as tf from '@tensorflow/tfjs-core';
import { type GraphNode, nodeError } from '../graph/graph.js';
import { type ElementType, type HostTensor, permuteHost, sizeOf } from '../graph/host-tensor.js';
import { ConstantStore, type DerivedTensors, tfType } from './constants.js';
import { knownContent } from './content-dependence.js';
import { checkedDims, foldLimit } from './limits.js';
import type { Operand, Step } from './plan.js';
import { reshapeOrder } from './reshape-order.js';
import { hostValue, knownTensor, plainOrder, sameBytes, storedDims, type Value, valueSize } from './value.js';

/** What a step makes: dimensions in ONNX's order, and how they are stored. */
export interface StepResult {
  readonly dims: readonly number[];
  readonly order: readonly number[];
  readonly type: ElementType;
}

/** What lives as long as the session, not only as long as one plan. */
export interface SessionStores {
  readonly constants: ConstantStore;
  readonly derived: DerivedTensors;
}

/**
 * Collects the steps of a plan for one input size. Operators call it with values whose dimensions and storage order are
 * known, so every shape, every padding and every change of layout is settled before the network runs. A step whose
 * inputs are all known is carried out at once: shape arithmetic leaves nothing behind in the plan.
 */
export class Planner {
  readonly steps: Step[] = [];
  /** Constants that only this plan needs. */
  readonly ownConstants = new ConstantStore();
  /** Steps that move bytes from one layout to another. */
  layoutChanges = 0;
  slots = 0;
  readonly slotBytes: number[] = [];
  #node: GraphNode | undefined;
  /** Elements of the constants computed so far. */
  #folded = 0;

  constructor(
    readonly opset: number,
    readonly initialisers: ReadonlyMap<string, HostTensor>,
    readonly stores: SessionStores,
  ) {}

  /** Steps planned from here on are for `node`. */
  enter(node: GraphNode): void {
    this.#node = node;
  }

  #current(): GraphNode {
    if (!this.#node) throw new ModelError('planning outside any node');
    return this.#node;
  }

  /** An initialiser of the network by name. */
  constant(name: string): Value | undefined {
    const tensor = this.initialisers.get(name);
    return tensor && hostValue(tensor);
  }

  /** A slot that is filled from outside: an input of the network. */
  newSlot(dims: readonly number[]): number {
    this.slotBytes.push(sizeOf(dims) * 4);
    return this.slots++;
  }

  /**
   * Plan one computation.
   *
   * @param inputs values in the storage order that `kernel` expects.
   * @param kernel TensorFlow.js operations on the stored shapes; may make intermediate tensors, must not return an input.
   */
  step(inputs: readonly Value[], result: StepResult, kernel: (...tensors: tf.Tensor[]) => tf.Tensor): Value {
    checkedDims(this.#current(), result.dims);
    if (inputs.every((value) => knownTensor(value) !== undefined)) return this.#fold(inputs, result, kernel);
    const slot = this.newSlot(result.dims);
    const operands = inputs.map((value) => this.#operand(value));
    const stored = storedDims(result);
    this.steps.push({ node: this.#node, operands, slot, stored, kernel });
    return { ...result, source: { kind: 'slot', slot } };
  }

  #operand(value: Value): Operand {
    if (value.source.kind === 'slot') return { kind: 'slot', slot: value.source.slot };
    const { tensor } = value.source;
    const store = this.stores.derived.isPermanent(tensor) ? this.stores.constants : this.ownConstants;
    return { kind: 'constant', tensor: store.get(tensor, value.order) };
  }

  /** Carry out a step now; its result is known. */
  #fold(inputs: readonly Value[], result: StepResult, kernel: (...tensors: tf.Tensor[]) => tf.Tensor): Value {
    this.reserve(sizeOf(result.dims));
    const store = new ConstantStore();
    const operands = inputs.map((value) => store.get(knownTensor(value) as HostTensor, value.order));
    const made = tf.tidy(() => kernel(...operands));
    const bytes = made.dataSync<'float32'>();
    const data = result.type === 'float' ? Float32Array.from(bytes) : Float64Array.from(bytes);
    made.dispose();
    store.dispose();
    const inverse = plainOrder(result.order.length).map((axis) => result.order.indexOf(axis));
    return hostValue(permuteHost({ type: result.type, dims: storedDims(result), data }, inverse));
  }

  /**
   * Set aside room for a constant of `elements`, before it is computed.
   *
   * @throws {ModelError} if all constants of the plan together have more than `foldLimit`.
   */
  reserve(elements: number): void {
    this.#folded += elements;
    if (!(this.#folded <= foldLimit)) {
      throw nodeError(
        this.#current(),
        `the constants of this network would have ${this.#folded} elements, at most ${foldLimit} are computed`,
      );
    }
  }

  /** The same value stored in `order`; a change that moves bytes is counted, one that moves only axes of length 1 is free. */
  inOrder(value: Value, order: readonly number[]): Value {
    if (order.every((axis, position) => axis === value.order[position])) return value;
    if (knownTensor(value)) return { ...value, order };
    const result = { dims: value.dims, order, type: value.type };
    const shape = storedDims(result);
    if (sameBytes(value.dims, value.order, order)) return this.step([value], result, (x) => tf.reshape(x, shape));
    this.layoutChanges++;
    const permutation = order.map((axis) => value.order.indexOf(axis));
    return this.step([value], result, (x) => tf.transpose(x, permutation));
  }

  /** The same value stored as ONNX has it. */
  plain(value: Value): Value {
    return this.inOrder(value, plainOrder(value.dims.length));
  }

  /** ONNX's Reshape; moves bytes only where the storage order demands it. */
  reshape(value: Value, dims: readonly number[]): Value {
    checkedDims(this.#current(), dims);
    if (sizeOf(dims) !== valueSize(value)) {
      throw nodeError(this.#current(), `cannot reshape [${value.dims}] to [${dims}]`);
    }
    if (dims.length === value.dims.length && dims.every((dim, axis) => dim === value.dims[axis])) return value;
    const known = knownTensor(value);
    if (known) return hostValue(this.stores.derived.derive(known, `reshape ${dims}`, () => ({ ...known, dims })));
    const empty = value.dims.includes(0);
    const { before, after } = empty
      ? { before: plainOrder(value.dims.length), after: plainOrder(dims.length) }
      : reshapeOrder(value.dims, value.order, dims);
    const ready = empty || sameBytes(value.dims, value.order, before) ? value : this.inOrder(value, before);
    const result = { dims, order: after, type: value.type };
    const shape = storedDims(result);
    return this.step([ready], result, (x) => tf.reshape(x, shape));
  }

  /** ONNX's Transpose: renames axes, moves nothing. */
  transpose(value: Value, permutation: readonly number[]): Value {
    const known = knownTensor(value);
    if (known) {
      return hostValue(
        this.stores.derived.derive(known, `transpose ${permutation}`, () => permuteHost(known, permutation)),
      );
    }
    return {
      ...value,
      dims: permutation.map((axis) => value.dims[axis]),
      order: value.order.map((axis) => permutation.indexOf(axis)),
    };
  }

  /** Convert the elements' type as ONNX's Cast does: to an integer by truncation, to a truth value by `!= 0`. */
  cast(value: Value, type: ElementType): Value {
    if (value.type === type) return value;
    const known = knownTensor(value);
    if (known) return hostValue(castHost(known, type));
    return this.step([value], { ...value, type }, (x) => tf.cast(x, tfType[type]));
  }

  /** A value that is known now, as numbers. @throws {ContentDependence} if the network computes it from its input's content. */
  numbers(value: Value, what: string): number[] {
    const known = knownContent(this.#current(), value, what);
    return Array.from(known.data);
  }
}

function castHost(tensor: HostTensor, type: ElementType): HostTensor {
  if (type === 'float') return { type, dims: tensor.dims, data: Float32Array.from(tensor.data) };
  const convert = type === 'int' ? Math.trunc : (value: number) => (value === 0 ? 0 : 1);
  return { type, dims: tensor.dims, data: Float64Array.from(tensor.data, convert) };
}
