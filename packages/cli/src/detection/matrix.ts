import { existsSync } from 'node:fs';
import { formatScaleRule, parseScaleRules } from '@retinabench/backends';
import { isRetinaBenchError, ProtocolError } from '@retinabench/core';
import { defaultModelId } from '@retinabench/models';
import { exitCodes } from '../exit.js';
import { type Output, printNote } from '../terminal/output.js';

/** One combination of the lists that the flags hold. */
export interface MatrixCell {
  readonly model: string;
  readonly backend: string;
  /** Absent: the flags name none. */
  readonly scale?: string;
}

/** The flags that may hold lists. */
export interface MatrixFlags {
  readonly model?: string;
  readonly backend: string;
  readonly scale?: string;
}

/**
 * Every combination of `--model A,B`, `--backend X,Y` and `--scale S,T`, model by model.
 *
 * @throws {ProtocolError} if a list is empty, names something twice, or a scale rule is none.
 */
export function matrixCells({ model, backend, scale }: MatrixFlags): MatrixCell[] {
  const models = listed('--model', model ?? defaultModelId);
  const backends = listed('--backend', backend);
  const scales = scale === undefined ? [undefined] : parseScaleRules(scale).map(formatScaleRule);
  return models.flatMap((oneModel) =>
    backends.flatMap((oneBackend) =>
      scales.map((oneScale) => ({
        model: oneModel,
        backend: oneBackend,
        ...(oneScale === undefined ? {} : { scale: oneScale }),
      })),
    ),
  );
}

/** The items of a flag; a path that exists is one item, whatever commas it has. */
function listed(flag: string, text: string): string[] {
  if (existsSync(text)) return [text];
  const items = text.split(',').map((item) => item.trim());
  const twice = items.find((item, index) => items.indexOf(item) < index);
  if (items.includes('') || twice !== undefined) {
    const got = twice === undefined || twice === '' ? 'an empty one' : `${twice} twice`;
    throw new ProtocolError(
      `${flag}: expected names joined by commas, each once, got ${got} in ${JSON.stringify(text)}`,
    );
  }
  return items;
}

/** The combination in words: what differs between the cells, joined by `/`. */
export function nameCell(cell: MatrixCell, cells: readonly MatrixCell[]): string {
  const keys = (['model', 'backend', 'scale'] as const).filter(
    (key) => new Set(cells.map((other) => other[key])).size > 1,
  );
  return (keys.length > 0 ? keys : (['model'] as const)).map((key) => cell[key] ?? '').join(' / ');
}

/** What became of a cell. */
export type CellOutcome<Result> =
  | { readonly cell: MatrixCell; readonly result: Result }
  /** It failed, and why. */
  | { readonly cell: MatrixCell; readonly error: string };

/** What became of a matrix. */
export interface MatrixOutcome<Result> {
  readonly outcomes: readonly CellOutcome<Result>[];
  /** 3 where a cell failed for the environment, else 2 where one failed, else the highest that the cells asked for. */
  readonly exitCode: number;
}

/**
 * Work on one cell after another. One that fails is named and does not end the others; a single cell fails as a command
 * without a matrix does.
 *
 * @param work gives the result of a cell and the exit code that it asks for.
 * @throws what `work` throws if there is one cell, and anything but a typed error (an interrupt, a fault of ours).
 */
export async function runMatrix<Result>(
  output: Output,
  cells: readonly MatrixCell[],
  work: (cell: MatrixCell) => Promise<{ readonly result: Result; readonly exitCode: number }>,
): Promise<MatrixOutcome<Result>> {
  const outcomes: CellOutcome<Result>[] = [];
  let exitCode: number = exitCodes.pass;
  for (const [index, cell] of cells.entries()) {
    const name = nameCell(cell, cells);
    if (cells.length > 1 && !output.quiet) printNote(`[${index + 1}/${cells.length}] ${name}`);
    try {
      const done = await work(cell);
      outcomes.push({ cell, result: done.result });
      exitCode = Math.max(exitCode, done.exitCode);
    } catch (error) {
      if (cells.length === 1 || !isRetinaBenchError(error)) throw error;
      printNote(`failed: ${name}: ${error.message}`);
      outcomes.push({ cell, error: error.message });
      exitCode = Math.max(exitCode, error.exitCode);
    }
  }
  return { outcomes, exitCode };
}
