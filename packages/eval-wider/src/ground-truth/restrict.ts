import { DatasetError } from '@retinabench/core/basics';
import { splits } from '@retinabench/results';
import { faceLabels, type WiderGroundTruth } from './ground-truth.js';

/**
 * The annotations of some images alone, in their old order: for a data set that lacks images, or a shard. Those of all are given
 * back as they are.
 *
 * @param images names `<event>/<image>`; those without annotation do not matter.
 * @throws {DatasetError} if none of them is annotated.
 */
export function restrictGroundTruth(groundTruth: WiderGroundTruth, images: ReadonlySet<string>): WiderGroundTruth {
  const kept = groundTruth.images.flatMap((name, index) => (images.has(name) ? [index] : []));
  if (kept.length === 0) {
    throw new DatasetError(
      `expected images that are annotated, got ${images.size} of which none is among the ${groundTruth.images.length} of the ground truth; do names and extension agree?`,
    );
  }
  if (kept.length === groundTruth.images.length) return groundTruth;
  const start = new Int32Array(kept.length + 1);
  kept.forEach((image, index) => {
    start[index + 1] = start[index] + groundTruth.start[image + 1] - groundTruth.start[image];
  });
  const take = <T extends Uint8Array | Float64Array>(from: T, to: T, width: number): T => {
    kept.forEach((image, index) => {
      to.set(
        from.subarray(width * groundTruth.start[image], width * groundTruth.start[image + 1]),
        width * start[index],
      );
    });
    return to;
  };
  const faces = start[kept.length];
  const bytes = (from: Uint8Array): Uint8Array => take(from, new Uint8Array(faces), 1);
  const { labels, counted } = groundTruth;
  return {
    images: kept.map((image) => groundTruth.images[image]),
    start,
    boxesXywh: take(groundTruth.boxesXywh, new Float64Array(4 * faces), 4),
    landmarks:
      groundTruth.landmarks.length === 0
        ? groundTruth.landmarks
        : take(groundTruth.landmarks, new Float64Array(10 * faces), 10),
    labels: Object.fromEntries(faceLabels.map((label) => [label, bytes(labels[label])])) as typeof labels,
    counted: Object.fromEntries(splits.map((split) => [split, bytes(counted[split])])) as typeof counted,
    ...(groundTruth.splitWords === undefined ? {} : { splitWords: groundTruth.splitWords }),
  };
}
