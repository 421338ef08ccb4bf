import { DatasetError } from '@retinabench/core';
import { listWiderImages } from '@retinabench/datasets';
import type { WiderGroundTruth } from '@retinabench/eval-wider';
import { parseShard, takeShard } from '../detection/shard.js';

/** An image file with its place in the ground truth. */
export interface AnnotatedImageFile {
  /** `<event>/<image>`. */
  readonly name: string;
  readonly file: string;
  /** Index into the images of the ground truth. */
  readonly index: number;
}

/**
 * The images of a data set that have ground truth: those of the shard, and of them the first `limit`.
 *
 * @returns the images, and what the reader of a number of theirs must know.
 * @throws {DatasetError} if none is left.
 */
export async function annotatedImages(
  root: string,
  groundTruth: WiderGroundTruth,
  { shard, limit }: { readonly shard?: string; readonly limit?: number },
): Promise<{ images: AnnotatedImageFile[]; notes: string[] }> {
  const listed = takeShard(await listWiderImages(root), parseShard(shard));
  const indices = new Map(groundTruth.images.map((name, index) => [name, index]));
  const annotated = listed.flatMap(({ event, image, file }) => {
    const name = `${event}/${image}`;
    const index = indices.get(name);
    return index === undefined ? [] : [{ name, file, index }];
  });
  const images = annotated.slice(0, limit);
  if (images.length === 0) {
    throw new DatasetError(
      `${root}: expected images that are annotated, got ${listed.length} images of which none is among the ${groundTruth.images.length} of the ground truth; choose its folder with --gt DIR`,
    );
  }
  const notes: string[] = [];
  if (shard !== undefined) notes.push(`--shard ${shard}: ${listed.length} images.`);
  if (annotated.length < listed.length) {
    notes.push(`${listed.length - annotated.length} images have no ground truth and are left out.`);
  }
  if (limit !== undefined) notes.push(`--limit: the first ${images.length} images of ${annotated.length}.`);
  return { images, notes };
}
