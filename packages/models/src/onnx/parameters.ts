import type { OnnxModel } from './model.js';

/** Inputs of BatchNormalization that hold statistics, which training does not fit. */
const statistics = [3, 4];

/**
 * Number of weights of a float model: its floating-point constants, the statistics of batch normalisations apart.
 *
 * Cost: O(nodes + constants).
 */
export function countParameters({ graph }: OnnxModel): number {
  const excluded = new Set(
    graph.nodes
      .filter(({ op }) => op === 'BatchNormalization')
      .flatMap(({ inputs }) => statistics.map((index) => inputs[index])),
  );
  return graph.initialisers
    .filter(({ name, elementType }) => (elementType === 'float' || elementType === 'float16') && !excluded.has(name))
    .reduce((sum, { dims }) => sum + dims.reduce((product, dim) => product * dim, 1), 0);
}
