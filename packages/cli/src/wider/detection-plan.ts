import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { imageNamesDigest, listWiderImages, resolveDataset } from '@retinabench/datasets';
import { runId } from '@retinabench/files';
import { type ChoiceFlags, chooseImages } from '../detection/choose-images.js';
import { type DetectionPlan, planDetection } from '../detection/detection-plan.js';
import { type DetectionFlags, resolveDetector } from '../detection/resolve-detector.js';

/** The flags of a run of a detector over a data set in WIDER FACE's layout. */
export interface DetectionJobFlags extends DetectionFlags, ChoiceFlags {
  readonly data?: string;
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
  const dataset = await resolveDataset(flags.data);
  const all = await listWiderImages(dataset.root);
  const named = all.map(({ event, image, file }) => ({ image: `${event}/${image}`, file }));
  const chosen = chooseImages(named, ({ image }) => path.posix.dirname(image), flags);
  const { images } = chosen;
  if (images.length === 0)
    throw new DatasetError(`shard ${flags.shard}: no image of ${all.length} falls into it; use fewer shards`);
  const notes = [...dataset.notes, ...chosen.notes];
  const { name, root } = dataset;
  const namesSha256 = imageNamesDigest(named.map(({ image }) => image));
  const plan = planDetection(detector, { name, root, images, namesSha256, notes });
  return {
    ...plan,
    defaultFolder: path.join('results', 'wider', `${detector.model.card.id}-${name}-${runId(plan.identity)}`),
  };
}
