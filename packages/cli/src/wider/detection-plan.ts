import path from 'node:path';
import {
  type DetectionProtocol,
  detectionSettings,
  loadBackend,
  resolveProtocol,
  runtimeVersions,
} from '@retinabench/backends';
import { DatasetError } from '@retinabench/core';
import { imageNamesDigest, listWiderImages, type ResolvedDataset, resolveDataset } from '@retinabench/datasets';
import { type BoxRounding, detectionBuild, type RunIdentity } from '@retinabench/eval-wider';
import { runId } from '@retinabench/files';
import { defaultModelId } from '@retinabench/models';
import { cardDigest, type LoadedModel, resolveModel } from '@retinabench/models/node';
import { askedProtocol, type DetectorFlags, type ProtocolFlags } from '../detection/flags.js';
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

/** A run of a detector over a data set, before its first image. */
export interface DetectionPlan {
  readonly model: LoadedModel;
  readonly asked: Partial<DetectionProtocol>;
  readonly dataset: ResolvedDataset;
  /** The images of the run, `<event>/<image>`, after `--shard` and `--limit`. */
  readonly images: readonly { readonly image: string; readonly file: string }[];
  readonly identity: RunIdentity;
  /** Where detections go that no flag gives a place: named after model, data set and identity, below `results/wider`. */
  readonly defaultFolder: string;
  /** What the reader of the number must know: data set, shard, limit. */
  readonly notes: readonly string[];
}

/**
 * Resolve what the flags name: model, backend, data set and images.
 *
 * @throws {DatasetError} if no image is left.
 * @throws as the resolvers of models, backends and datasets.
 */
export async function planDetection(flags: DetectionJobFlags): Promise<DetectionPlan> {
  const model = await resolveModel(flags.model ?? defaultModelId);
  const asked = askedProtocol(flags);
  const protocol = resolveProtocol(asked, model.card);
  const shard = parseShard(flags.shard);
  const backend = await loadBackend(flags.backend);
  const dataset = await resolveDataset(flags.data);
  const all = await listWiderImages(dataset.root);
  const images = takeShard(all, shard)
    .slice(0, flags.limit)
    .map(({ event, image, file }) => ({ image: `${event}/${image}`, file }));
  if (images.length === 0)
    throw new DatasetError(`shard ${flags.shard}: no image of ${all.length} falls into it; use fewer shards`);
  const identity: RunIdentity = {
    code: detectionBuild(),
    model: { id: model.card.id, sha256: model.card.sha256, cardSha256: cardDigest(model.card) },
    backend: { id: backend.id, version: await backend.version() },
    runtimes: runtimeVersions(backend.id),
    settings: { ...detectionSettings(protocol, model.card), boxRounding: flags.boxRounding },
    dataset: { name: dataset.name, namesSha256: imageNamesDigest(all) },
  };
  const defaultFolder = path.join('results', 'wider', `${model.card.id}-${dataset.name}-${runId(identity)}`);
  const notes = [...dataset.notes];
  if (shard !== undefined)
    notes.push(`shard ${shard.index} of ${shard.count}: ${images.length} of ${all.length} images.`);
  else if (images.length < all.length) notes.push(`--limit: the first ${images.length} of ${all.length} images.`);
  return { model, asked, dataset, images, identity, defaultFolder, notes };
}
