import { isRetinaBenchError, ProtocolError } from '@retinabench/core';
import { resolveModel } from '@retinabench/models/node';
import { type Output, printNote } from '../terminal/output.js';
import type { MatrixCell } from './matrix.js';

/** The one size that a network takes. */
interface FixedSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * Take networks of one input size out of the scale axis of a matrix: such a model is run once, at its own size, and that is said.
 * A model that cannot be loaded keeps its cells, which fail with the reason.
 *
 * @returns the cells in their order, those of a network of one size once per backend and condition, at scale `original`: the whole
 * image, fitted into that size.
 * @throws {ProtocolError} if all models are of one size, so that no cell is left to which the scales apply.
 */
export async function fitScales(output: Output, cells: readonly MatrixCell[]): Promise<readonly MatrixCell[]> {
  const isScaled = ({ scale }: MatrixCell): boolean => scale !== undefined && scale !== 'original';
  if (cells.length < 2 || !cells.some(isScaled)) return cells;
  const fixed = new Map<string, FixedSize>();
  const models = [...new Set(cells.map(({ model }) => model))];
  for (const model of models) {
    const size = await fixedSizeOf(model);
    if (size !== undefined) fixed.set(model, size);
  }
  if (fixed.size === 0) return cells;
  const sizes = [...fixed].map(([model, { widthPx, heightPx }]) => `${model} of ${widthPx} x ${heightPx}`).join(', ');
  if (fixed.size === models.length) {
    throw new ProtocolError(
      `--scale: expected a model whose input may have any size, got networks of one size (${sizes}); leave --scale out`,
    );
  }
  if (!output.quiet) {
    printNote(`networks of one input size are run once, at that size, whatever --scale says: ${sizes}`);
  }
  const seen = new Set<string>();
  return cells.flatMap((cell) => {
    if (!fixed.has(cell.model)) return [cell];
    const own = { ...cell, scale: 'original' };
    const key = JSON.stringify(own);
    if (seen.has(key)) return [];
    seen.add(key);
    return [own];
  });
}

async function fixedSizeOf(model: string): Promise<FixedSize | undefined> {
  try {
    const { size } = (await resolveModel(model)).card.input;
    return size.rule === 'fixed' ? size : undefined;
  } catch (error) {
    if (isRetinaBenchError(error)) return undefined;
    throw error;
  }
}
