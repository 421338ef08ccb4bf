import { existsSync } from 'node:fs';
import { formatPerturbation, formatScaleRule, parsePerturbations, parseScaleRules } from '@retinabench/backends';
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
  /** Corruptions of the images, one condition; absent: none. */
  readonly perturb?: string;
}

/** The flags that may hold lists. */
export interface MatrixFlags {
  readonly model?: string;
  readonly backend: string;
  readonly scale?: string;
  readonly perturb?: string;
}

/**
 * Every combination of `--model A,B`, `--backend X,Y`, `--scale S,T` and `--perturb P,Q`, model by model; where images are
 * corrupted, each combination is also run on the images as they are, first.
 *
 * @throws {ProtocolError} if a list is empty, names something twice, or a scale rule or perturbation is none.
 */
export function matrixCells({ model, backend, scale, perturb }: MatrixFlags): MatrixCell[] {
  const models = listed('--model', model ?? defaultModelId);
  const backends = listed('--backend', backend);
  const scales = scale === undefined ? [undefined] : parseScaleRules(scale).map(formatScaleRule);
  const conditions = [undefined, ...(perturb === undefined ? [] : parsePerturbations(perturb).map(formatPerturbation))];
  return models.flatMap((oneModel) =>
    backends.flatMap((oneBackend) =>
      scales.flatMap((oneScale) =>
        conditions.map((condition) => ({
          model: oneModel,
          backend: oneBackend,
          ...(oneScale === undefined ? {} : { scale: oneScale }),
          ...(condition === undefined ? {} : { perturb: condition }),
        })),
      ),
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
  const keys = (['model', 'backend', 'scale', 'perturb'] as const).filter(
    (key) => new Set(cells.map((other) => other[key])).size > 1,
  );
  return (keys.length > 0 ? keys : (['model'] as const))
    .map((key) => cell[key] ?? (key === 'perturb' ? 'clean' : ''))
    .join(' / ');
}

/**
 * The cell that a cell is compared with: of corrupted images that of the same detector on the images as they are, else the
 * first of all.
 */
export function isBaselineOf(cell: MatrixCell, first: MatrixCell, candidate: MatrixCell): boolean {
  if (cell.perturb === undefined) return candidate === first;
  const isSame = (['model', 'backend', 'scale'] as const).every((key) => cell[key] === candidate[key]);
  return isSame && candidate.perturb === undefined;
}

/**
 * How the combinations of a matrix print: no JSON of their own, as one value follows of them all, and what holds for several
 * (the data set, a model's warnings) noted once. A single one prints as a command without a matrix does.
 */
export function outputOfCells(output: Output, cells: readonly MatrixCell[]): Output {
  return cells.length === 1 ? output : { ...output, json: false, noted: new Set() };
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
