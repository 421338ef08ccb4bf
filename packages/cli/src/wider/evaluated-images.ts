import path from 'node:path';
import { imageFileSize } from '@retinabench/annotations/image-size';
import { DatasetError } from '@retinabench/core/basics';
import type { ResolvedDataset } from '@retinabench/datasets';
import { listWiderImages, matchWiderValNames, ownName, type WiderImage } from '@retinabench/datasets/wider';
import {
  datasetHashes,
  restrictGroundTruth,
  type SizeOf,
  type WiderGroundTruth,
  type WiderPredictions,
} from '@retinabench/eval-wider/scoring';
import type { ResultRecord } from '@retinabench/results';
import { readTextFile } from '../terminal/read-text-file.js';
import { nameAnnotations } from './name-annotations.js';

/** Where the ground truth lies, and the images beside it. */
export interface GroundTruthSource {
  readonly location: string;
  /** Root of the data set, in which images may lie. */
  readonly root: string;
  /** Images that the data set has, where one was asked for. */
  readonly images?: readonly WiderImage[];
  readonly name?: string;
  readonly notes: readonly string[];
}

/**
 * Find the ground truth: the folder or file of `--gt`, else `ground_truth` of the data set of `--data` (or of what
 * stands in for it). Beside `--gt`, `--data` says where the images lie.
 *
 * @throws {EnvironmentError | DatasetError} as `resolveDataset`.
 */
export async function locateGroundTruth(gt: string | undefined, data: string | undefined): Promise<GroundTruthSource> {
  if (gt !== undefined) {
    const root = data === undefined ? path.dirname(path.resolve(gt)) : (await resolve(data)).root;
    return { location: gt, root, notes: [] };
  }
  const { root, name, notes } = await resolve(data);
  return { location: path.join(root, 'ground_truth'), root, images: await listWiderImages(root), name, notes };
}

/** Loaded when it is asked for: it can make and fetch data sets. */
async function resolve(data: string | undefined): Promise<ResolvedDataset> {
  const { resolveDataset } = await import('@retinabench/datasets');
  return resolveDataset(data);
}

/**
 * The ground truth of the images that `--images` asks for: `all`, `present` (those that have predictions), or those of
 * a list, one `<event>/<image>` a line, with or without extension and with `/`, `./` or `# ` before it. Default: the images
 * that the data set has, else all.
 *
 * @throws {DatasetError} if the list cannot be read, none of the images is annotated, or a listed one is not.
 */
export async function selectImages(
  groundTruth: WiderGroundTruth,
  predictions: WiderPredictions,
  source: GroundTruthSource,
  which: string | undefined,
): Promise<WiderGroundTruth> {
  if (which === undefined && source.images !== undefined) {
    return restrictGroundTruth(groundTruth, new Set(source.images.map(nameOf)));
  }
  if (which === undefined || which === 'all') return groundTruth;
  if (which === 'present') return restrictGroundTruth(groundTruth, new Set(predictions.images));
  const lines = (await readTextFile(which, 'all, present or a file with a list of images')).split(/\r?\n/);
  const listed = new Set(lines.map(listedName).filter((name) => name !== ''));
  if (listed.size === 0) {
    throw new DatasetError(`${which}: expected images of the ground truth, <event>/<image> a line, got an empty list`);
  }
  const annotated = new Set(groundTruth.images);
  const unknown = [...listed].find((name) => !annotated.has(name));
  if (unknown !== undefined) {
    throw new DatasetError(
      `${which}: expected images of the ground truth, <event>/<image> a line, got ${JSON.stringify(unknown.slice(0, 80))}; correct the list or choose another ground truth with --gt`,
    );
  }
  return restrictGroundTruth(groundTruth, listed);
}

/** What a record says of the images evaluated, and a lookup of their sizes where the images are there. */
export interface EvaluatedImages {
  readonly dataset: NonNullable<ResultRecord['dataset']>;
  readonly sizeOf: SizeOf;
  readonly allSizesKnown: boolean;
  /** What makes a number of these annotations doubtful. */
  readonly warnings: readonly string[];
}

/**
 * Describe the images evaluated. The hash is that of their annotations alone: the predictions were given, and no image was
 * looked at.
 *
 * @param loaded    the annotations as they were read.
 * @param annotated the same, as flags change which faces count.
 */
export async function describeImages(
  source: GroundTruthSource,
  loaded: WiderGroundTruth,
  annotated: WiderGroundTruth,
  evaluated: WiderGroundTruth,
): Promise<EvaluatedImages> {
  const { root } = source;
  const listed = source.images ?? (await listWiderImages(root).catch(() => []));
  const files = new Map(listed.map((image) => [nameOf(image), image.file]));
  const all = annotated.images.length;
  const images = evaluated.images.length;
  const { name, warnings } = await nameAnnotations(
    source.name ?? (await annotationName(annotated, root)),
    loaded,
    evaluated.images,
  );
  const notes = [...source.notes];
  // A data set that lacks images has said so itself.
  if (images !== all && images !== source.images?.length) {
    notes.push(`${images} of the ${all} annotated images: the numbers are of those alone`);
  }
  const dataset = { name, images, ...datasetHashes(evaluated), ...(notes.length > 0 ? { notes } : {}) };
  const allSizesKnown = evaluated.images.every((image) => files.has(image));
  return { dataset, sizeOf: sizesOf(files), allSizesKnown, warnings };
}

/** Sizes of images by name, as they are shown, each read once. */
function sizesOf(files: ReadonlyMap<string, string>): SizeOf {
  const sizes = new Map<string, ReturnType<SizeOf>>();
  return (image) => {
    const file = files.get(image);
    if (file !== undefined && !sizes.has(image)) sizes.set(image, shownSize(file));
    return sizes.get(image);
  };
}

function shownSize(file: string): ReturnType<SizeOf> {
  const size = imageFileSize(file);
  return size && { widthPx: size[0], heightPx: size[1] };
}

/** What to call images of which only the annotations are at hand. */
async function annotationName(annotated: WiderGroundTruth, root: string): Promise<string> {
  const kind = await matchWiderValNames(annotated.images);
  return { whole: 'wider-val', part: 'wider-val-part', other: ownName(root) }[kind];
}

/** The image of a line of a list: public lists write `/`, `./` or `# ` before it. */
export function listedName(line: string): string {
  return line
    .trim()
    .replace(/^#\s*/, '')
    .replace(/^(\.?\/)+/, '')
    .replace(/\.jpe?g$/i, '')
    .normalize('NFC');
}

function nameOf({ event, image }: WiderImage): string {
  return `${event}/${image}`;
}
