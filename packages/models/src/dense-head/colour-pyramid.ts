import type { GraphBuilder } from '../graph/builder.js';

/**
 * Mean colours around each cell of the feature maps, from the network's input: what a detector's features do not keep. Each
 * step averages windows of 4 x 4 at stride 2, one pixel before and two after, so that a map of ceil(side / 2) cells has its
 * windows in the middle of its cells, whatever the side; padding does not count.
 *
 * @param input   name of the network's input, [N, 3, height, width].
 * @param strides of the maps, powers of two, ascending.
 * @returns the name of a map [N, 3, ceil(height / stride), ceil(width / stride)] for each stride.
 */
export function colourPyramid(graph: GraphBuilder, input: string, strides: readonly number[]): string[] {
  const maps = new Map([[1, input]]);
  for (let stride = 2; stride <= Math.max(...strides); stride *= 2) {
    const finer = maps.get(stride / 2) as string;
    const map = graph.node(`dense.colour.${stride}`, 'AveragePool', [finer], {
      kernel_shape: { kind: 'ints', value: [4, 4] },
      strides: { kind: 'ints', value: [2, 2] },
      pads: { kind: 'ints', value: [1, 1, 2, 2] },
      count_include_pad: { kind: 'int', value: 0 },
    });
    maps.set(stride, map);
  }
  return strides.map((stride) => maps.get(stride) as string);
}

/**
 * Cells between the three columns and rows of colours that an anchor's head sees: a quarter of the anchor, at least one.
 *
 * @param sizePx of the anchor, at a map of `stride`.
 */
export function colourDilation(stride: number, sizePx: number): number {
  return Math.max(1, Math.round(sizePx / stride / 4));
}
