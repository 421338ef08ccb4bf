import { ModelError } from '@retinabench/core';
import { openRunFolder } from '@retinabench/eval-wider';
import type { Split } from '@retinabench/results';
import { runDetectionJob } from '../detection/detection-job.js';
import { detectionTime, type TimedCell } from '../detection/detection-time.js';
import { fitScales } from '../detection/fixed-sizes.js';
import { matrixCells, outputOfCells, runMatrix } from '../detection/matrix.js';
import { writeMatrix } from '../detection/write-matrix.js';
import { decideExit } from '../exit.js';
import { leavePage } from '../page/leave-page.js';
import { pageOutput } from '../page/page-output.js';
import { outputOf } from '../terminal/flags.js';
import { type Output, printNote, printResult } from '../terminal/output.js';
import { requireWritable } from '../terminal/output-file.js';
import type { DetectFlags } from './detect-command.js';
import { planWiderDetection } from './detection-plan.js';
import { evaluateDetected, loadAnnotations, requireRecordPlace, type WrittenRecord } from './evaluate-detected.js';
import { leavePredictions } from './leave-predictions.js';

/** The action of `retinabench wider easy`, `medium`, `hard` and `all`. */
export async function runDetect(flags: DetectFlags, split: Split | undefined): Promise<void> {
  const output = outputOf(flags);
  const cells = await fitScales(output, matrixCells(flags));
  await requireRecordPlace(flags);
  if (flags.report !== undefined) await requireWritable(flags.report, pageOutput);
  const single = cells.length === 1;
  const cellOutput = outputOfCells(output, cells);
  const { outcomes, exitCode } = await runMatrix(output, cells, (cell) => {
    const { out, perturb: _, ...others } = flags;
    return evaluateCell(cellOutput, { ...others, ...cell, ...(single && out !== undefined ? { out } : {}) });
  });
  const results = outcomes.flatMap((outcome) => ('result' in outcome ? [outcome.result] : []));
  const files = results.map(({ file }) => file);
  decideExit(exitCode);
  if (single) printResult(output, results[0].tableOf(split));
  else if (results.length === 0) throw new ModelError('none of the combinations could be run; each says above why');
  else files.unshift(await writeMatrix(output, outcomes, { folder: 'results/wider', split, out: flags.out }));
  if (flags.report !== undefined) await leavePage(output, files, flags.report);
}

/** Detect and score one combination of model, backend and scale. */
async function evaluateCell(
  output: Output,
  flags: DetectFlags,
): Promise<{ result: WrittenRecord & TimedCell; exitCode: number }> {
  const plan = await planWiderDetection(flags);
  const { card, sizeBytes } = plan.model;
  // What is missing is better said now than in an hour.
  const annotated = loadAnnotations(flags, plan.set.root);
  const openRun = () => openRunFolder(plan.defaultFolder, plan.identity, flags.fresh === true);
  let result: (WrittenRecord & TimedCell) | undefined;
  const exitCode = await runDetectionJob(
    output,
    flags,
    plan,
    openRun,
    async ({ detected: found, run, warnings, times }) => {
      await leavePredictions(run, found.detected);
      const detected = {
        images: found.detected,
        failed: found.failed,
        annotated,
        dataset: { name: plan.set.name, notes: plan.set.notes },
        identity: plan.identity,
        ...(plan.browsers && { browsers: plan.browsers }),
        ...(found.resumed === undefined ? {} : { resumed: found.resumed }),
        model: { id: card.id, sha256: card.sha256, parameters: card.parameters, bytes: sizeBytes },
        backend: { ...plan.identity.backend, threads: flags.threads },
        settings: plan.identity.settings,
        warnings,
        times,
      };
      result = { ...(await evaluateDetected(output, flags, detected)), ...detectionTime(found.detected) };
      if (!output.quiet) printNote(`predictions: ${run.folder}`);
    },
  );
  if (result === undefined) throw new Error('runDetectionJob finished without finishing the job');
  return { result, exitCode };
}
