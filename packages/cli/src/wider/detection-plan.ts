import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { imageNamesDigest, listWiderImages, resolveDataset } from '@retinabench/datasets';
import { runId } from '@retinabench/files';
import { type DetectionPlan, planDetection } from '../detection/detection-plan.js';
import { type DetectionFlags, resolveDetector } from '../detection/resolve-detector.js';
import { parseShard, takeShard } from './shard.js';

/** The flags of a run of a detector over a data set in WIDER FACE's layout. */
export interface DetectionJobFlags extends DetectionFlags {
  readonly data?: string;
  readonly limit?: number;
  readonly shard?: string;
}

/** A run over WIDER FACE. */
export interface WiderPlan extends DetectionPlan {
  /** Where detections go that no flag gives a place: named after model, data set and identity, below `results/wider`. */
  readonly defaultFolder: string;
}

/**
 * Resolve what the flags name: model, backend, data set and images.
 *
 * @throws {DatasetError} if no image is left.
 * @throws as the resolvers of models, backends and datasets.
 */
export async function planWiderDetection(flags: DetectionJobFlags): Promise<WiderPlan> {
  const detector = await resolveDetector(flags, false);
  const shard = parseShard(flags.shard);
  const dataset = await resolveDataset(flags.data);
  const all = await listWiderImages(dataset.root);
  const images = takeShard(all, shard)
    .slice(0, flags.limit)
    .map(({ event, image, file }) => ({ image: `${event}/${image}`, file }));
  if (images.length === 0)
    throw new DatasetError(`shard ${flags.shard}: no image of ${all.length} falls into it; use fewer shards`);
  const notes = [...dataset.notes];
  if (shard !== undefined)
    notes.push(`shard ${shard.index} of ${shard.count}: ${images.length} of ${all.length} images.`);
  else if (images.length < all.length) notes.push(`--limit: the first ${images.length} of ${all.length} images.`);
  const { name, root } = dataset;
  const plan = planDetection(detector, { name, root, images, namesSha256: imageNamesDigest(all), notes });
  return {
    ...plan,
    defaultFolder: path.join('results', 'wider', `${detector.model.card.id}-${name}-${runId(plan.identity)}`),
  };
}
