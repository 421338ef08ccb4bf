import path from 'node:path';
import { ModelError } from '@retinabench/core';
import { detectionSettings } from '../annotated/metric-flags.js';
import { printRecognised } from '../annotated/print-recognised.js';
import { fitScales } from '../detection/fixed-sizes.js';
import { matrixCells, outputOfCells, runMatrix } from '../detection/matrix.js';
import { writeMatrix } from '../detection/write-matrix.js';
import { decideExit } from '../exit.js';
import { leavePage } from '../page/leave-page.js';
import { pageOutput } from '../page/page-output.js';
import { loadScoreMap } from '../score-map/load-score-map.js';
import { outputOf } from '../terminal/flags.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { detectionNumbers } from './detection-numbers.js';
import type { EvalFlags } from './eval-flags.js';
import { evaluateCell } from './evaluate-cell.js';
import { openAnnotated } from './open-annotated.js';
import { recordFolder } from './record-folder.js';

/**
 * Detect on annotated images and evaluate the detections, a record for each combination of model, backend and scale.
 *
 * @throws {ProtocolError} if the flags do not say what is evaluated, or contradict each other.
 */
export async function runEval(flags: EvalFlags): Promise<void> {
  const output = outputOf(flags);
  const cells = await fitScales(output, matrixCells(flags));
  const settings = detectionSettings(flags);
  await requireWritable(flags.out ?? path.join(recordFolder, '*.json'), recordOutput);
  if (flags.report !== undefined) await requireWritable(flags.report, pageOutput);
  const scoreMap = await loadScoreMap(flags);
  const annotated = await openAnnotated(flags);
  printRecognised(output, annotated.recognised);
  const quietOnes = cells.length > 1;
  const cellOutput = outputOfCells(output, cells);
  const { outcomes, exitCode } = await runMatrix(output, cells, async (cell) => {
    const { out, perturb: _, ...others } = flags;
    const cellFlags = { ...others, ...cell, ...(quietOnes || out === undefined ? {} : { out }) };
    return evaluateCell({
      output: cellOutput,
      flags: cellFlags,
      settings,
      annotated,
      ...(scoreMap === undefined ? {} : { scoreMap }),
      isOneOfMany: quietOnes,
    });
  });
  const files = outcomes.flatMap((outcome) => ('result' in outcome ? [outcome.result.file] : []));
  decideExit(exitCode);
  if (files.length === 0) throw new ModelError('none of the combinations could be run; each says above why');
  if (quietOnes) {
    files.unshift(
      await writeMatrix(output, outcomes, { folder: recordFolder, out: flags.out, numbers: detectionNumbers() }),
    );
  }
  if (flags.report !== undefined) {
    await leavePage(output, files, flags.report);
  }
}
