import { isRetinaBenchError } from '@retinabench/core';
import type { ComposedDecoder, ScoreFactor } from '@retinabench/models';
import { layGrid, rowsGrid } from '../decoders/composed/grid.js';
import { parseSource, viewsOf } from '../decoders/composed/value-view.js';
import type { RawRun } from './raw-runs.js';

/** How far beyond 0..1 a probability may lie: half precision and 8 bits round. */
const rounding = 5e-3;
/** How far a quality may lie that public code clips: YuNet of 2021 estimates an IoU. */
const clipped = 0.5;

/** What was found, by runs and factor. */
const settled = new WeakMap<readonly RawRun[], Map<string, boolean | undefined>>();

/**
 * Give each score of a reading the activation that its values ask for: none where all lie in 0..1, else a softmax over the
 * classes or a sigmoid. Ranks alone cannot tell, since both keep the order of scores.
 *
 * @returns undefined if the reading does not fit the outputs.
 */
export function settleActivations(decoder: ComposedDecoder, runs: readonly RawRun[]): ComposedDecoder | undefined {
  const factors: ScoreFactor[] = [];
  for (const factor of decoder.scores.factors) {
    const key = JSON.stringify([factor, decoder.geometry?.order, decoder.geometry?.levels?.length]);
    const known = settled.get(runs) ?? new Map<string, boolean | undefined>();
    settled.set(runs, known);
    const inUnit = known.has(key) ? known.get(key) : isProbability(factor, decoder, runs);
    known.set(key, inUnit);
    if (inUnit === undefined) return undefined;
    const { clamp: _, ...bare } = factor;
    if (inUnit) factors.push(factor);
    else factors.push({ ...bare, activation: (factor.classes ?? 1) > 1 ? 'softmax' : 'sigmoid' });
  }
  return { ...decoder, scores: { ...decoder.scores, factors } };
}

function isProbability(
  factor: ScoreFactor,
  { geometry }: ComposedDecoder,
  runs: readonly RawRun[],
): boolean | undefined {
  const { classes = 1 } = factor;
  const slack = factor.clamp ? clipped : rounding;
  for (const { frame, tensors } of runs) {
    const { inputWidthPx, inputHeightPx } = frame;
    const outputs = { tensors, inputWidthPx, inputHeightPx, place: 'draft' };
    try {
      const source = parseSource(factor, classes, geometry?.order);
      const name = typeof source.tensor === 'string' ? source.tensor : source.tensor[0];
      const dims = tensors[name]?.dims ?? [];
      const fromEnd = source.axes.length - source.axes.findIndex((names) => names.includes('n'));
      const grid = geometry
        ? layGrid(geometry, inputWidthPx, inputHeightPx)
        : rowsGrid(dims[dims.length - fromEnd] ?? 0);
      const views = viewsOf(source, grid, outputs);
      for (const [index, { rows, columns, perCell }] of grid.levels.entries()) {
        const { data, base, row, column, anchor, value } = views[index];
        for (let at = 0; at < rows * columns * perCell * classes; at++) {
          const k = Math.floor(at / classes) % perCell;
          const cell = Math.floor(at / classes / perCell);
          const place = Math.floor(cell / columns) * row + (cell % columns) * column + k * anchor;
          const score = data[base + place + (at % classes) * value];
          // Rows that suppression has left empty are often filled with -1.
          if (score === -1 && geometry === undefined) continue;
          if (!(score >= -slack && score <= 1 + slack)) return false;
        }
      }
    } catch (error) {
      if (isRetinaBenchError(error)) return undefined;
      throw error;
    }
  }
  return true;
}
