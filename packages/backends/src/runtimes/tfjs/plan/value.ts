import { type ElementType, type HostTensor, sizeOf } from '../graph/host-tensor.js';

/**
 * A tensor of the network while it is planned. `dims` are ONNX's; `order` says how it lies in memory: position p holds
 * ONNX axis `order[p]`. An image batch [N, C, H, W] stored channels last has the order [0, 2, 3, 1].
 */
export interface Value {
  readonly dims: readonly number[];
  readonly order: readonly number[];
  readonly type: ElementType;
  /** Known now (its data row-major in ONNX's order, whatever `order` says), or made by a step of the plan. */
  readonly source:
    | { readonly kind: 'host'; readonly tensor: HostTensor }
    | { readonly kind: 'slot'; readonly slot: number };
}

/** The order in which axes lie as ONNX has them. */
export function plainOrder(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => axis);
}

/** [N, C, ...spatial] with the channels last. */
export function channelsLastOrder(rank: number): number[] {
  return rank < 3 ? plainOrder(rank) : [0, ...plainOrder(rank).slice(2), 1];
}

/** A value known at planning time. */
export function hostValue(tensor: HostTensor): Value {
  return {
    dims: tensor.dims,
    order: plainOrder(tensor.dims.length),
    type: tensor.type,
    source: { kind: 'host', tensor },
  };
}

/** The tensor behind a value that is known at planning time, else undefined. */
export function knownTensor(value: Value): HostTensor | undefined {
  return value.source.kind === 'host' ? value.source.tensor : undefined;
}

/** The shape in memory. */
export function storedDims(value: Pick<Value, 'dims' | 'order'>): number[] {
  return value.order.map((axis) => value.dims[axis]);
}

/** Where in memory ONNX axis `axis` lies. */
export function positionOf(value: Pick<Value, 'order'>, axis: number): number {
  return value.order.indexOf(axis);
}

/** Number of elements. */
export function valueSize(value: Value): number {
  return sizeOf(value.dims);
}

/** Whether two orders store the same bytes: axes of length 1 may lie anywhere. */
export function sameBytes(dims: readonly number[], a: readonly number[], b: readonly number[]): boolean {
  const longA = a.filter((axis) => dims[axis] !== 1);
  const longB = b.filter((axis) => dims[axis] !== 1);
  return longA.every((axis, position) => axis === longB[position]);
}
