import path from 'node:path';
import { groupFailures, isBadImage, openRunFolder } from '@retinabench/backends/runs';
import { ProtocolError } from '@retinabench/core';
import { restrictSet } from '@retinabench/eval-landmarks';
import { runId } from '@retinabench/files';
import { type DetectionJob, runDetectionJob } from '../detection/detection-job.js';
import { type DetectionPlan, planDetection } from '../detection/detection-plan.js';
import { evaluatedHashes } from '../detection/evaluated-hashes.js';
import { type DetectionFlags, resolveDetector } from '../detection/resolve-detector.js';
import { decideExit } from '../exit.js';
import { formatProtocol } from '../record/format-protocol.js';
import { formatProvenance } from '../record/provenance.js';
import { readRecord } from '../record/read.js';
import { recordFile } from '../record/record-file.js';
import { type RecordContent, writeRecord } from '../record/write.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { type Output, printNote, printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { type AnnotatedFolder, findAnnotated } from './annotated-images.js';
import { denseDetector } from './dense-detector.js';
import { type DetectedPoints, detectedLandmarks } from './detected-landmarks.js';
import { landmarkFolder } from './landmark-folder.js';
import { landmarkContent } from './landmark-record.js';
import { formatAgainst, formatLandmarks } from './landmark-table.js';
import { type MetricFlags, metricOptions } from './metric-flags.js';
import { readTruth } from './read-sources.js';
import type { TruthFlags } from './source-flags.js';

interface EvalFlags extends MetricFlags, TruthFlags, DetectionFlags, OutputFlags {
  readonly gt?: string;
  readonly images?: string;
  readonly missing: 'refuse' | 'leave-out';
  readonly limit?: number;
  readonly minScore: number;
  readonly detected: DetectedPoints;
  readonly against?: string;
  readonly run?: string;
  readonly out?: string;
}

/** The action of `retinabench landmarks eval`. */
export async function runEval(flags: EvalFlags): Promise<void> {
  const { gt, images } = flags;
  if (gt === undefined || images === undefined) {
    throw new ProtocolError(
      'landmarks eval needs --gt PATH and --images DIR; retinabench landmarks eval --help has an example',
    );
  }
  const output = outputOf(flags);
  metricOptions(flags);
  await requireWritable(flags.out ?? path.join(landmarkFolder, '*.json'), recordOutput);
  if (flags.against !== undefined) await readRecord(flags.against);
  const truth = await readTruth(gt, flags);
  const folder = await findAnnotated(truth.set, images, flags.missing, flags.limit);
  const detector = flags.detected === 'mesh' ? await denseDetector(flags) : await resolveDetector(flags, true);
  const { card } = detector.model;
  if (!card.landmarks) {
    throw new ProtocolError(
      `model ${card.id} gives no landmarks; choose one that does, such as retinaface-mnet025 or yunet-n`,
    );
  }
  const plan = planDetection(detector, folder.set);
  const run = flags.run ?? path.join(landmarkFolder, `${card.id}-${folder.set.name}-${runId(plan.identity)}`);
  const exitCode = await runDetectionJob(
    output,
    flags,
    plan,
    () => openRunFolder({ folder: run, identity: plan.identity, fresh: flags.fresh === true }),
    (job) => scoreDetected(output, flags, plan, { ...folder, notes: [...truth.notes, ...folder.notes] }, job),
  );
  decideExit(exitCode);
}

async function scoreDetected(
  output: Output,
  flags: EvalFlags,
  { model: { card, sizeBytes }, identity }: DetectionPlan,
  { annotated, notes }: AnnotatedFolder,
  { detected, warnings, times }: DetectionJob<ReturnType<typeof openRunFolder>>,
): Promise<void> {
  const options = metricOptions(flags);
  // What the model fails on counts as an image without faces; a bad image is left out.
  const bad = new Set(detected.failed.filter(isBadImage).map(({ image }) => image));
  const names = (annotated.images ?? []).map((image) => image.replaceAll('\\', '/'));
  const evaluated = restrictSet(annotated, (image) => !bad.has(names[image]));
  const predicted = detectedLandmarks(detected.detected, card.id, flags.minScore, flags.detected);
  const scored = landmarkContent({ annotated: evaluated, predicted, notes }, options, flags);
  const evaluatedNames = names.filter((name) => !bad.has(name));
  const hashes = evaluatedHashes(evaluatedNames, scored.dataset.sha256, detected);
  const content: RecordContent = {
    ...scored,
    model: { id: card.id, sha256: card.sha256, parameters: card.parameters, bytes: sizeBytes },
    backend: { ...identity.backend, threads: flags.threads },
    dataset: { ...scored.dataset, ...hashes },
    protocol: {
      ...scored.protocol,
      minScore: flags.minScore,
      ...(flags.detected === 'mesh' ? { detectedPoints: '68 of the mesh of the dense head' } : {}),
      ...identity.settings,
    },
    ...times,
    code: identity.code,
    runtimes: identity.runtimes,
    ...(detected.resumed === undefined ? {} : { resumed: detected.resumed }),
    ...(warnings.length === 0 ? {} : { warnings: [...(scored.warnings ?? []), ...warnings] }),
    ...(detected.failed.length === 0 ? {} : { failures: groupFailures(detected.failed) }),
  };
  for (const note of scored.dataset.notes ?? []) printNote(note);
  const stem = `${card.id}-${scored.dataset.name}-${identity.backend.id}`;
  const place = recordFile(landmarkFolder, stem, content, {
    card: identity.model.cardSha256,
    interval: flags.interval,
  });
  const record = await writeRecord(output, flags.out ?? place, content);
  const against = flags.against === undefined ? undefined : await readRecord(flags.against);
  printResult(
    output,
    [
      formatLandmarks(scored.landmarks, options.normaliser),
      '',
      ...(against === undefined ? [] : [formatAgainst(against, record, flags.against ?? ''), '']),
      formatProtocol(record.protocol),
      formatProvenance(record),
    ].join('\n'),
  );
}
