import path from 'node:path';
import type { AnnotationFormat } from '@retinabench/annotations';
import { ModelError, ProtocolError } from '@retinabench/core';
import { ownName } from '@retinabench/datasets';
import { diagnoseAnnotations } from '@retinabench/eval-detection';
import { formatCount } from '@retinabench/results';
import type { AnalysisFlags } from '../analysis/analysis-flags.js';
import { annotatedFiles } from '../annotated/annotated-files.js';
import { describeAnnotations } from '../annotated/describe-reading.js';
import { imagesFolder } from '../annotated/images-folder.js';
import { loadAnyAnnotations } from '../annotated/load-any.js';
import { detectionSettings, type MetricFlags } from '../annotated/metric-flags.js';
import { readingSettings } from '../annotated/reading-flags.js';
import { type ChoiceFlags, chooseImages } from '../detection/choose-images.js';
import type { ImageSet } from '../detection/detection-plan.js';
import { matrixCells, runMatrix } from '../detection/matrix.js';
import type { DetectionFlags } from '../detection/resolve-detector.js';
import { writeMatrix } from '../detection/write-matrix.js';
import { decideExit } from '../exit.js';
import { leavePage, pageOutput } from '../report/write-report.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printNote } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { reportDiagnoses } from '../wider/report-diagnoses.js';
import { detectionNumbers } from './detection-numbers.js';
import { type AnnotatedSet, evaluateCell } from './evaluate-cell.js';

/** Where records go by default. */
export const recordFolder = path.join('results', 'detection');

/** The flags of `retinabench eval`. */
export interface EvalFlags extends OutputFlags, DetectionFlags, ChoiceFlags, MetricFlags, AnalysisFlags {
  readonly data?: string;
  readonly gt?: string;
  readonly images?: string;
  readonly missing: 'refuse' | 'leave-out';
  readonly interval: boolean;
  readonly force?: boolean;
  readonly out?: string;
  readonly report?: string;
}

/**
 * Detect on annotated images and evaluate the detections, a record for each combination of model, backend and scale.
 *
 * @throws {ProtocolError} if the flags do not say what is evaluated, or contradict each other.
 */
export async function runEval(flags: EvalFlags): Promise<void> {
  const output = outputOf(flags);
  const cells = matrixCells(flags);
  const settings = detectionSettings(flags);
  await requireWritable(flags.out ?? path.join(recordFolder, '*.json'), recordOutput);
  if (flags.report !== undefined) await requireWritable(flags.report, pageOutput);
  const annotated = await openAnnotated(flags);
  if (!output.quiet) annotated.recognised.forEach(printNote);
  const quietOnes = cells.length > 1;
  const { outcomes, exitCode } = await runMatrix(output, cells, async (cell) => {
    const { out, perturb: _, ...others } = flags;
    const cellFlags = { ...others, ...cell, ...(quietOnes || out === undefined ? {} : { out }) };
    return evaluateCell({
      output: quietOnes ? { ...output, json: false } : output,
      flags: cellFlags,
      settings,
      annotated,
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

async function openAnnotated(flags: EvalFlags): Promise<AnnotatedSet> {
  const location = flags.gt ?? flags.data;
  if (location === undefined) {
    throw new ProtocolError(
      'eval needs --data DIR, a folder with images and annotations, or --gt PATH; retinabench eval --help has examples',
    );
  }
  const root = await imagesFolder(location, flags.images ?? flags.data);
  const reading = readingSettings<AnnotationFormat>(flags as unknown as Readonly<Record<string, unknown>>, 'gt');
  const truth = loadAnyAnnotations(location, {
    ...(flags.images === undefined ? {} : { images: flags.images }),
    ...reading,
  });
  const { annotations } = truth;
  // What cannot be right is refused before hours of detection; warnings come with the numbers.
  reportDiagnoses(
    diagnoseAnnotations(annotations).filter(({ level }) => level === 'error' && flags.force !== true),
    location,
    false,
    'annotations',
  );
  const files = await annotatedFiles(annotations, root, flags.missing === 'leave-out');
  const chosen = chooseImages(files.images, ({ image }) => path.posix.dirname(image), flags);
  const warnings =
    files.missing.length === 0
      ? []
      : [
          `missing-images: ${formatCount(files.missing.length)} of ${formatCount(annotations.images.length)} annotated images have no file (first ${files.missing[0]}): left out`,
        ];
  const set: ImageSet = {
    name: ownName(root),
    root,
    images: chosen.images,
    namesSha256: files.namesSha256,
    notes: chosen.notes,
  };
  return { location, annotations, set, warnings, recognised: [...describeAnnotations(truth), ...files.notes] };
}
