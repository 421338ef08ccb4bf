import { existsSync } from 'node:fs';
import path from 'node:path';
import { isRetinaBenchError } from '@retinabench/core';
import { type CheckOptions, checkDataset, type DatasetCheck, resolveDataset } from '@retinabench/datasets';
import { loadGroundTruth } from '@retinabench/eval-wider';
import { exitCodes } from '../exit.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { interruptible } from '../terminal/interrupt.js';
import { type Output, printJson, printNote, printResult } from '../terminal/output.js';
import { type Progress, startProgress } from '../terminal/progress.js';
import { renderTable } from '../terminal/table.js';

/** The action of `retinabench datasets check`. */
export async function runCheck(dir: string | undefined, flags: CheckFlags): Promise<void> {
  const output = outputOf(flags);
  const root = dir ?? (await resolveDataset(undefined)).root;
  const images = await interruptible(
    () => 'nothing was changed',
    (signal) => run(root, flags, output, signal),
  );
  const unreadable = images.kind === 'detection' ? groundTruthError(images) : undefined;
  const check = unreadable === undefined ? images : withProblem(images, unreadable);
  process.exitCode = exitCodeOf(check, flags.strict === true);
  if (unreadable !== undefined) process.exitCode = exitCodes.invalidInput;
  printCheck(output, check);
  printJson(output, check);
}

interface CheckFlags extends OutputFlags {
  readonly quick?: boolean;
  readonly strict?: boolean;
}

/** Names shown of each list; `--json` has them all. */
const shownNames = 5;

async function run(root: string, flags: CheckFlags, output: Output, signal: AbortSignal): Promise<DatasetCheck> {
  let progress: Progress | undefined;
  const options: CheckOptions = {
    quick: flags.quick === true,
    signal,
    onImage: (done, total) => {
      progress ??= startProgress(output, total, 'images');
      progress.update(done);
    },
  };
  try {
    return await checkDataset(root, options);
  } finally {
    progress?.stop();
  }
}

/** Why `wider` would refuse the ground truth; undefined if it reads it, or if the check has said that files of it are missing. */
function groundTruthError({ root, problems }: DatasetCheck): string | undefined {
  const folder = path.join(root, 'ground_truth');
  if (!existsSync(folder) || problems.some(({ what }) => what.startsWith('ground truth is missing'))) return undefined;
  try {
    loadGroundTruth(folder);
    return undefined;
  } catch (error) {
    if (!isRetinaBenchError(error)) throw error;
    return error.message;
  }
}

function withProblem(check: DatasetCheck, message: string): DatasetCheck {
  const problem = {
    what: `the ground truth cannot be read: ${message}`,
    fix: 'correct the file, then check again; docs/wider-protocol.md shows its form',
  };
  return { ...check, problems: [...check.problems, problem], complete: false };
}

function exitCodeOf({ kind, present, corrupt, missing, complete }: DatasetCheck, strict: boolean): number {
  const unusable = kind === 'unknown' || present === 0 || corrupt.length > 0;
  const fails = strict ? !complete : unusable;
  if (!fails && missing.length > 0) printNote('a part of the data set: results are of the images that are there');
  return fails ? exitCodes.invalidInput : exitCodes.pass;
}

function printCheck(output: Output, check: DatasetCheck): void {
  const { present, expected, missing, corrupt, unexpected, decoded, problems } = check;
  const count = (value: number): string => value.toLocaleString('en');
  printResult(
    output,
    `${check.root}: ${check.complete ? 'complete' : check.kind === 'unknown' ? 'no data set' : 'not complete'}`,
  );
  printResult(
    output,
    renderTable(
      [{ heading: 'images' }, { heading: '', numeric: true }, { heading: '' }],
      [
        [
          'present',
          count(present),
          expected === undefined ? 'nothing says how many there should be' : `of ${count(expected)}`,
        ],
        ['missing', count(missing.length), firstNames(missing)],
        [
          'corrupt',
          decoded ? count(corrupt.length) : '',
          decoded ? firstNames(corrupt.map(({ image, reason }) => `${image} (${reason})`)) : 'not decoded (--quick)',
        ],
        ['not annotated', count(unexpected.length), firstNames(unexpected)],
      ],
    ),
  );
  for (const { what, fix } of problems) printResult(output, `${what}\n  fix: ${fix}`);
}

function firstNames(names: readonly string[]): string {
  const more = names.length > shownNames ? `, and ${(names.length - shownNames).toLocaleString('en')} more` : '';
  return names.slice(0, shownNames).join(', ') + more;
}
