import { ModelError } from '@retinabench/core';
import { describeNode, type GraphNode } from '../graph/graph.js';
import type { HostTensor } from '../graph/host-tensor.js';
import { knownTensor, type Value } from './value.js';

/** A node cannot be planned, since what it makes depends on the content of the network's input, not on its size alone. */
export class ContentDependence extends ModelError {
  constructor(
    readonly node: GraphNode,
    what: string,
  ) {
    super(
      `${describeNode(node)}: ${what} depends on the content of the input; only constants and shapes are supported here`,
    );
  }
}

/** The content dependence behind an error, if that is its cause. */
export function contentDependenceOf(error: unknown): ContentDependence | undefined {
  if (error instanceof ContentDependence) return error;
  return error instanceof Error && error.cause !== undefined ? contentDependenceOf(error.cause) : undefined;
}

/** The elements of a value that has to be known now. @throws {ContentDependence} if it is not. */
export function knownContent(node: GraphNode, value: Value, what: string): HostTensor {
  const known = knownTensor(value);
  if (known === undefined) throw new ContentDependence(node, what);
  return known;
}
