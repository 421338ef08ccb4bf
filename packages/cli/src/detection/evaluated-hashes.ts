import { createHash } from 'node:crypto';
import { type FailedImage, isBadImage, type LoggedImage } from '@retinabench/backends/runs';
import { filesDigest } from '@retinabench/files';
import type { ResultRecord } from '@retinabench/results';

/** What a record says its annotations and its images were, together and apart. */
type EvaluatedHashes = Pick<NonNullable<ResultRecord['dataset']>, 'sha256' | 'groundTruthSha256' | 'imagesSha256'>;

/**
 * What a record says its data set was, where a detector ran on annotated images: hashes of the annotations and of the bytes of
 * the images. An image that the model failed on is evaluated and counts by its bytes, as the others do.
 *
 * @param images            names of the images evaluated, as the run has them.
 * @param groundTruthSha256 of their annotations.
 */
export function evaluatedHashes(
  images: readonly string[],
  groundTruthSha256: string,
  { detected, failed }: EvaluatedImages,
): EvaluatedHashes {
  const hashes = imageHashes({ detected, failed });
  const imagesSha256 = filesDigest(images.map((name) => [name, hashes.get(name) ?? 'missing']));
  const both = `annotations ${groundTruthSha256}\nimages ${imagesSha256}\n`;
  return { sha256: createHash('sha256').update(both).digest('hex'), groundTruthSha256, imagesSha256 };
}

/** Images that were detected, and those that could not be. */
export interface EvaluatedImages {
  readonly detected: readonly Pick<LoggedImage, 'image' | 'sha256'>[];
  readonly failed: readonly FailedImage[];
}

/** The hash of each image that is evaluated, by name: of all but those that are bad themselves. */
export function imageHashes({ detected, failed }: EvaluatedImages): Map<string, string> {
  const scored = [...detected, ...failed.filter((image) => !isBadImage(image))];
  return new Map(scored.map(({ image, sha256 }) => [image, sha256 ?? 'unread']));
}
