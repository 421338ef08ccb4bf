import path from 'node:path';
import { detectionSettings, loadBackend, resolveProtocol, runtimeVersions } from '@retinabench/backends';
import { DatasetError } from '@retinabench/core';
import { imageNamesDigest, listWiderImages, type ResolvedDataset, resolveDataset } from '@retinabench/datasets';
import {
  type BoxRounding,
  detectionBuild,
  openRunFolder,
  type Predictions,
  predictWider,
  type RunFolder,
  type RunIdentity,
  runId,
} from '@retinabench/eval-wider';
import type { ModelCard } from '@retinabench/models';
import { defaultModelId } from '@retinabench/models';
import { cardDigest, resolveModel } from '@retinabench/models/node';
import type { ProtocolSettings } from '@retinabench/results';
import { askedProtocol, type DetectorFlags, imageLimit, type ProtocolFlags } from '../detection/flags.js';
import { exitCodes } from '../exit.js';
import { resumedNotes } from '../record/resumed-notes.js';
import { interruptible } from '../terminal/interrupt.js';
import { type Output, printNote } from '../terminal/output.js';
import { type Progress, startProgress } from '../terminal/progress.js';
import { describeFailures, exitCodeOfFailures, failureNotes, nothingDetected } from './failures.js';
import { parseShard, takeShard } from './shard.js';

/** The flags of a run of a detector over a data set. */
export interface DetectionJobFlags extends DetectorFlags, ProtocolFlags {
  readonly data?: string;
  readonly workers: number;
  readonly imageTimeout: number;
  readonly boxRounding: BoxRounding;
  readonly limit?: number;
  readonly shard?: string;
  readonly fresh?: boolean;
  readonly strict?: boolean;
}

/** A finished run of a detector over a data set. */
export interface DetectionJob {
  readonly predictions: Predictions;
  readonly dataset: ResolvedDataset;
  readonly identity: RunIdentity;
  /** The run that holds the detections. */
  readonly run: RunFolder;
  readonly model: { readonly card: ModelCard; readonly bytes: number };
  readonly backend: { readonly id: string; readonly version: string; readonly threads: number };
  /** Detection settings and box rounding, as the record states them. */
  readonly settings: ProtocolSettings;
  /** What the reader of the number must know: data set, shard, limit. */
  readonly notes: readonly string[];
  /** What makes it doubtful: images that could not be detected. */
  readonly warnings: readonly string[];
}

/**
 * Detect on a data set, going on where an earlier run of the same identity stopped.
 *
 * @param folder where the detections go; default: one named after model, data set and identity below `results/wider`.
 * @param begin  loads what the end needs, before the first image: what is missing is better said now than in an hour.
 * @param finish works on the finished job while the folder is still held.
 */
export async function runDetectionJob<Begun>(
  output: Output,
  flags: DetectionJobFlags,
  folder: string | undefined,
  begin: (dataset: ResolvedDataset) => Begun,
  finish: (job: DetectionJob, begun: Begun) => Promise<void>,
): Promise<void> {
  const model = await resolveModel(flags.model ?? defaultModelId);
  const asked = askedProtocol(flags);
  const protocol = resolveProtocol(asked, model.card);
  const shard = parseShard(flags.shard);
  const backend = await loadBackend(flags.backend);
  const dataset = await resolveDataset(flags.data);
  const begun = begin(dataset);
  const all = await listWiderImages(dataset.root);
  const images = takeShard(all, shard)
    .slice(0, flags.limit)
    .map(({ event, image, file }) => ({ image: `${event}/${image}`, file }));
  if (images.length === 0)
    throw new DatasetError(`shard ${flags.shard}: no image of ${all.length} falls into it; use fewer shards`);
  const settings = { ...detectionSettings(protocol, model.card), boxRounding: flags.boxRounding };
  const identity: RunIdentity = {
    code: detectionBuild(),
    model: { id: model.card.id, sha256: model.card.sha256, cardSha256: cardDigest(model.card) },
    backend: { id: backend.id, version: await backend.version() },
    runtimes: runtimeVersions(backend.id),
    settings,
    dataset: { name: dataset.name, namesSha256: imageNamesDigest(all) },
  };
  const place = folder ?? path.join('results', 'wider', `${model.card.id}-${dataset.name}-${runId(identity)}`);
  const notes = [...dataset.notes];
  const warnings = [...model.warnings];
  if (shard !== undefined)
    notes.push(`shard ${shard.index} of ${shard.count}: ${images.length} of ${all.length} images.`);
  else if (images.length < all.length) notes.push(`--limit: the first ${images.length} of ${all.length} images.`);
  for (const note of [notes[0], ...warnings]) printNote(note);

  const run = openRunFolder(place, identity, flags.fresh === true);
  try {
    const advice = (): string =>
      `${run.finished.size} finished images are kept in ${place}: run the same command again to go on`;
    const predictions = await interruptible(advice, async (signal) => {
      let progress: Progress | undefined;
      try {
        return await predictWider({
          model,
          backend: flags.backend,
          threads: flags.threads,
          asked,
          boxRounding: flags.boxRounding,
          images,
          workers: flags.workers,
          run,
          ...imageLimit(flags),
          onProgress: (done) => {
            progress ??= startProgress(output, images.length, 'images', done);
            progress.update(done);
          },
          signal,
        });
      } finally {
        progress?.stop();
      }
    });
    if (!output.quiet) for (const note of resumedNotes(predictions, images.length)) printNote(note);
    for (const note of failureNotes(predictions.failed)) printNote(note);
    warnings.push(...describeFailures(predictions.failed, images.length));
    if (predictions.detected.length === 0) throw nothingDetected(predictions.failed, dataset.root);
    const job = {
      predictions,
      dataset,
      identity,
      run,
      model: { card: model.card, bytes: model.sizeBytes },
      backend: { ...identity.backend, threads: flags.threads },
      settings,
      notes,
      warnings,
    };
    await finish(job, begun);
    const exitCode = exitCodeOfFailures(predictions.failed, flags.strict === true);
    if (exitCode !== exitCodes.pass) process.exitCode = exitCode;
  } finally {
    run.close();
  }
}
