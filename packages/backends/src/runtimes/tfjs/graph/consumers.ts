import type { Graph, GraphNode } from './graph.js';

/** Finds the node that alone reads a value, the pattern behind every fusion. */
export class Consumers {
  readonly #readers = new Map<string, GraphNode[]>();
  readonly #outputs: ReadonlySet<string>;

  constructor(graph: Graph) {
    this.#outputs = new Set(graph.outputs);
    for (const node of graph.nodes) {
      for (const name of new Set(node.inputs)) {
        const readers = this.#readers.get(name);
        if (readers) readers.push(node);
        else this.#readers.set(name, [node]);
      }
    }
  }

  /** The only node that reads `name`, unless `name` is an output of the graph or read more than once. */
  only(name: string): GraphNode | undefined {
    const readers = this.#readers.get(name);
    return readers?.length === 1 && !this.#outputs.has(name) ? readers[0] : undefined;
  }
}
