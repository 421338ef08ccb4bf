import path from 'node:path';
import { DatasetError, type ResultRecord, sha256Hex } from '@retinabench/core';
import { datasetDigest, listWiderImages, widerValImages } from '@retinabench/datasets';
import { restrictGroundTruth, type WiderGroundTruth, type WiderPredictions } from '@retinabench/eval-wider';
import { readTextFile } from '../record/read.js';

/**
 * The ground truth of the images that `--images` asks for: `all`, `present` (those that have predictions), or those of
 * a list, one `<event>/<image>` a line, with or without extension.
 *
 * @throws {EnvironmentError} if the list cannot be read.
 * @throws {DatasetError} if none of the images is annotated, or a listed one is not.
 */
export async function selectImages(
  groundTruth: WiderGroundTruth,
  predictions: WiderPredictions,
  which: string,
): Promise<WiderGroundTruth> {
  if (which === 'all') return groundTruth;
  if (which === 'present') return restrictGroundTruth(groundTruth, new Set(predictions.images));
  const lines = (await readTextFile(which, 'a list of images')).split(/\r?\n/);
  const listed = new Set(lines.map((line) => line.trim().replace(/\.jpe?g$/i, '')).filter((line) => line !== ''));
  const annotated = new Set(groundTruth.images);
  const unknown = [...listed].find((name) => !annotated.has(name));
  if (unknown !== undefined) {
    throw new DatasetError(
      `${which}: expected images of the ground truth, <event>/<image> a line, got ${JSON.stringify(unknown.slice(0, 80))}; correct the list or choose another ground truth with --gt`,
    );
  }
  return restrictGroundTruth(groundTruth, listed);
}

/**
 * What a record says of the images evaluated. The hash is that of the image files, as a run that detects has it, where
 * exactly these images lie beside the ground truth; else that of their names and numbers of faces.
 *
 * @param location of the ground truth.
 */
export async function describeImages(
  location: string,
  annotated: WiderGroundTruth,
  evaluated: WiderGroundTruth,
): Promise<NonNullable<ResultRecord['dataset']>> {
  const root = path.dirname(path.resolve(location));
  const all = annotated.images.length;
  const images = evaluated.images.length;
  const name = all === widerValImages ? 'wider-val' : path.basename(root) || 'wider';
  const sha256 = (await imagesDigest(root, evaluated)) ?? groundTruthDigest(evaluated);
  const notes = images === all ? [] : [`${images} of the ${all} annotated images: the numbers are of those alone`];
  return { name, images, sha256, ...(notes.length > 0 ? { notes } : {}) };
}

async function imagesDigest(root: string, { images }: WiderGroundTruth): Promise<string | undefined> {
  const listed = await listWiderImages(root).catch(() => []);
  const present = new Set(listed.map(({ event, image }) => `${event}/${image}`));
  const same = present.size === images.length && images.every((image) => present.has(image));
  return same ? datasetDigest(root) : undefined;
}

function groundTruthDigest({ images, start }: WiderGroundTruth): string {
  const lines = images.map((name, image) => `${name} ${start[image + 1] - start[image]} faces\n`);
  return sha256Hex(new TextEncoder().encode(lines.sort().join('')));
}
