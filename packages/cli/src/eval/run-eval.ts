import path from 'node:path';
import type { AnnotationFormat } from '@retinabench/annotations';
import { ProtocolError } from '@retinabench/core';
import { ownName } from '@retinabench/datasets';
import { isFolder } from '@retinabench/files';
import { formatCount, type ResultRecord } from '@retinabench/results';
import type { AnalysisFlags } from '../analysis/analysis-flags.js';
import { annotatedFiles } from '../annotated/annotated-files.js';
import { describeAnnotations } from '../annotated/describe-reading.js';
import { loadAnyAnnotations } from '../annotated/load-any.js';
import { detectionSettings, type MetricFlags } from '../annotated/metric-flags.js';
import { readingSettings } from '../annotated/reading-flags.js';
import type { ImageSet } from '../detection/detection-plan.js';
import { isBaselineOf, type MatrixCell, matrixCells, nameCell, runMatrix } from '../detection/matrix.js';
import type { DetectionFlags } from '../detection/resolve-detector.js';
import { decideExit } from '../exit.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printNote, printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { type AnnotatedSet, evaluateCell } from './evaluate-cell.js';
import { formatCells } from './matrix-table.js';

/** Where records go by default. */
export const recordFolder = path.join('results', 'detection');

/** The flags of `retinabench eval`. */
export interface EvalFlags extends OutputFlags, DetectionFlags, MetricFlags, AnalysisFlags {
  readonly data?: string;
  readonly gt?: string;
  readonly images?: string;
  readonly limit?: number;
  readonly missing: 'refuse' | 'leave-out';
  readonly interval: boolean;
  readonly force?: boolean;
  readonly out?: string;
}

/**
 * Detect on annotated images and evaluate the detections, a record for each combination of model, backend and scale.
 *
 * @throws {ProtocolError} if the flags do not say what is evaluated, or contradict each other.
 */
export async function runEval(flags: EvalFlags): Promise<void> {
  const output = outputOf(flags);
  const cells = matrixCells(flags);
  if (flags.out !== undefined && cells.length > 1) {
    throw new ProtocolError(
      '--out names one record; leave it out with lists of models, backends, scales or perturbations',
    );
  }
  const settings = detectionSettings(flags);
  await requireWritable(flags.out ?? path.join(recordFolder, '*.json'), recordOutput);
  const annotated = await openAnnotated(flags);
  if (!output.quiet) annotated.recognised.forEach(printNote);
  const quietOnes = cells.length > 1;
  const { outcomes, exitCode } = await runMatrix(output, cells, async (cell) => {
    const { perturb: _, ...others } = flags;
    const cellFlags = { ...others, ...cell };
    return evaluateCell({
      output: quietOnes ? { ...output, json: false } : output,
      flags: cellFlags,
      settings,
      annotated,
      isOneOfMany: quietOnes,
    });
  });
  if (cells.length > 1) {
    const named = outcomes.map((outcome) => ({
      name: nameCell(outcome.cell, cells),
      isBaselineOf: (other: MatrixCell) => isBaselineOf(other, cells[0], outcome.cell),
      cell: outcome.cell,
      outcome: 'result' in outcome ? outcome.result : outcome.error,
    }));
    const records: ResultRecord[] = outcomes.flatMap((outcome) => ('result' in outcome ? [outcome.result.record] : []));
    printJson(output, records);
    printResult(output, formatCells(named));
  }
  decideExit(exitCode);
}

async function openAnnotated(flags: EvalFlags): Promise<AnnotatedSet> {
  const location = flags.gt ?? flags.data;
  if (location === undefined) {
    throw new ProtocolError(
      'eval needs --data DIR, a folder with images and annotations, or --gt PATH; retinabench eval --help has examples',
    );
  }
  const root = flags.images ?? flags.data ?? ((await isFolder(location)) ? location : path.dirname(location));
  const reading = readingSettings<AnnotationFormat>(flags as unknown as Readonly<Record<string, unknown>>, 'gt');
  const truth = loadAnyAnnotations(location, {
    ...(flags.images === undefined ? {} : { images: flags.images }),
    ...reading,
  });
  const { annotations } = truth;
  const files = await annotatedFiles(annotations, root, flags.missing === 'leave-out');
  const chosen = files.images.slice(0, flags.limit);
  const warnings =
    files.missing.length === 0
      ? []
      : [
          `missing-images: ${formatCount(files.missing.length)} of ${formatCount(annotations.images.length)} annotated images have no file (first ${files.missing[0]}): left out`,
        ];
  const set: ImageSet = {
    name: ownName(flags.data ?? root),
    root,
    images: chosen,
    namesSha256: files.namesSha256,
    notes:
      chosen.length < files.images.length
        ? [`--limit: the first ${chosen.length} of ${files.images.length} images.`]
        : [],
  };
  return { annotations, set, warnings, recognised: [...describeAnnotations(truth), ...files.notes] };
}
