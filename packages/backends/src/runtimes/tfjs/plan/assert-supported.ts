import type { Graph } from '../graph/graph.js';
import { operatorTable } from '../operators/table.js';
import { unsupportedOperator } from './plan-graph.js';

/** @throws {ModelError} naming the first node of the graph whose operator no plan can have. */
export function assertSupported(graph: Graph): void {
  const unknown = graph.nodes.find(({ operator }) => !operatorTable.has(operator));
  if (unknown) throw unsupportedOperator(graph, unknown);
}
