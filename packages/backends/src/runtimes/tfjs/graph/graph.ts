import { ModelError } from '@retinabench/core';
import type { HostTensor } from './host-tensor.js';

/** The value of a node's attribute. */
export type Attribute = number | string | readonly number[] | readonly string[] | HostTensor;

/** An activation that the convolution or matrix product before it applies itself. */
export type FusedActivation =
  | { readonly kind: 'relu' | 'relu6' | 'sigmoid' }
  | { readonly kind: 'leakyrelu'; readonly alpha: number }
  | { readonly kind: 'prelu'; readonly slope: string };

/** One operator of the network. An absent optional input or output has the empty name. */
export interface GraphNode {
  readonly name: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly activation?: FusedActivation;
}

/** A network as the planner reads it: nodes in the order of execution. */
export interface Graph {
  /** The file's name, for messages. */
  readonly place: string;
  /** Version of the default operator set. */
  readonly opset: number;
  /** A dimension that is free is undefined; `dims` itself is undefined where the file leaves the rank open. */
  readonly inputs: readonly {
    readonly name: string;
    /** Type of its elements, as ONNX Runtime calls it: `float32`, `float16`, `uint8`. */
    readonly elementType: string;
    readonly dims: readonly (number | undefined)[] | undefined;
  }[];
  readonly outputs: readonly string[];
  /** Element types that the file states of outputs, by name, as ONNX Runtime calls them. */
  readonly outputTypes?: ReadonlyMap<string, string>;
  /** Dimensions that the file states of outputs, by name; undefined where it leaves the rank open. */
  readonly outputDims?: ReadonlyMap<string, readonly (number | undefined)[] | undefined>;
  readonly nodes: readonly GraphNode[];
  readonly initialisers: ReadonlyMap<string, HostTensor>;
}

/** How messages call a node: its name, or where it has none, the value that it makes. */
export function describeNode(node: GraphNode): string {
  return `node "${node.name || (node.outputs[0] ?? '')}" (${node.operator})`;
}

/** An error that names the node; the planner adds the file. */
export function nodeError(node: GraphNode, message: string): ModelError {
  return new ModelError(`${describeNode(node)}: ${message}`);
}

/** A number attribute, or `absent` where the node has none. */
export function numberAttribute(node: GraphNode, name: string, absent: number): number {
  const value = node.attributes.get(name);
  if (value === undefined) return absent;
  if (typeof value !== 'number') throw nodeError(node, `attribute ${name}: expected a number`);
  return value;
}

/** A text attribute, or `absent` where the node has none. */
export function textAttribute(node: GraphNode, name: string, absent: string): string {
  const value = node.attributes.get(name);
  if (value === undefined) return absent;
  if (typeof value !== 'string') throw nodeError(node, `attribute ${name}: expected text`);
  return value;
}

/** A list attribute of numbers, or undefined where the node has none. */
export function numbersAttribute(node: GraphNode, name: string): readonly number[] | undefined {
  const value = node.attributes.get(name);
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'number')) {
    throw nodeError(node, `attribute ${name}: expected a list of numbers`);
  }
  return value as readonly number[];
}
