import type { ComposedDecoder } from '@retinabench/models';
import { type Grid, layGrid, rowsGrid } from '../decoders/composed/grid.js';
import { scoreReader } from '../decoders/composed/score-reader.js';
import { parseSource, viewsOf } from '../decoders/composed/value-view.js';
import type { PassOutputs } from '../decoders/decoder.js';

/** What was found for the outputs of a run, by scores: readings differ in their boxes more often than in their scores. */
const floors = new WeakMap<PassOutputs['tensors'], Map<string, number>>();

/**
 * Finds the score above which the best `most` candidates of an image lie, so that a wrong reading, under which every anchor
 * looks like a face, costs no more than a right one.
 *
 * @param floor the least that is returned.
 */
export function tellingFloor(decoder: ComposedDecoder, most: number, floor: number): (outputs: PassOutputs) => number {
  const { geometry, scores } = decoder;
  const sources = scores.factors.map((factor) => parseSource(factor, factor.classes ?? 1, geometry?.order));
  const scoreOf = scoreReader(scores);
  const grids = new Map<string, Grid>();
  const reading = JSON.stringify([scores, geometry?.order, geometry?.levels?.map(({ stride }) => stride)]);
  return (outputs) => {
    const known = floors.get(outputs.tensors) ?? new Map<string, number>();
    floors.set(outputs.tensors, known);
    const found = known.get(reading) ?? floorOf(outputs);
    known.set(reading, found);
    return found;
  };

  function floorOf(outputs: PassOutputs): number {
    const key = `${outputs.inputWidthPx}x${outputs.inputHeightPx}`;
    const grid =
      grids.get(key) ??
      (geometry ? layGrid(geometry, outputs.inputWidthPx, outputs.inputHeightPx) : rowsGrid(rowsOf(outputs)));
    if (geometry) grids.set(key, grid);
    const views = sources.map((source) => viewsOf(source, grid, outputs));
    const all = new Float32Array(grid.count);
    let count = 0;
    for (const [at, { rows, columns, perCell }] of grid.levels.entries()) {
      const own = views.map((levels) => levels[at]);
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          for (let anchor = 0; anchor < perCell; anchor++) {
            const score = scoreOf(own, row, column, anchor);
            if (score > floor) all[count++] = score;
          }
        }
      }
    }
    return count <= most ? floor : all.subarray(0, count).sort()[count - most - 1];
  }

  function rowsOf(outputs: PassOutputs): number {
    const [{ tensor, axes }] = sources;
    const dims = outputs.tensors[typeof tensor === 'string' ? tensor : tensor[0]]?.dims ?? [];
    return dims[dims.length - axes.length + axes.findIndex((names) => names.includes('n'))] ?? 0;
  }
}
