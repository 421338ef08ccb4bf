import { existsSync } from 'node:fs';
import { DatasetError } from '@retinabench/core';
import { filesDigest, hashFile, type ResumedImages, resumedImages } from '@retinabench/files';
import { extractOpenImages } from './extract-open-images.js';
import type { ExtractOptions } from './extract-options.js';
import {
  type ExtractionAbout,
  type ExtractionFiles,
  extractionFiles,
  isSameExtraction,
  type OtherMachine,
  readExtraction,
} from './extraction.js';
import { clearFinishedRun, type ExtractedImage, type ExtractionRun, openExtraction } from './extraction-run.js';
import { assertOwnFeatures, hasSameImages } from './finished-extraction.js';
import { openImages } from './open-images.js';

/** What an extraction gave. */
export interface Extraction {
  readonly files: ExtractionFiles;
  readonly images: number;
  /** Images in which no face scores at least 0.5. */
  readonly facesNotFound: number;
  /** Images that an earlier run had done and whose bytes are the same; absent: none. */
  readonly resumed?: ResumedImages;
  /** Images that an earlier run had done, and whose bytes are others now: they were extracted again. */
  readonly changed: number;
  /** Images by machines that differ from what was asked for, where that was allowed. */
  readonly otherMachines: readonly OtherMachine[];
}

/**
 * Extract the features of images over worker processes: find the face, align it, embed it and its mirror image.
 *
 * Each finished image is kept at once, so that a run which is killed goes on where it stopped. The files appear in their
 * places when all images are done. If they are there already and of the same identity, nothing is done.
 *
 * @throws {DatasetError} if images cannot be decoded or aligned, naming them; the others are kept.
 * @throws {BackendError} if images kill their worker process twice or take too long, naming them; the others are kept.
 * @throws {ModelError}, {BackendError} if the workers cannot load the models, or a network fails on images.
 * @throws the reason of `signal` if it aborts; finished images are kept.
 */
export async function extractFeatures(options: ExtractOptions): Promise<Extraction> {
  const { names, images, identity, features, fresh } = options;
  const earlier = fresh ? undefined : readExtraction(features);
  const files = images.map(({ file }) => file);
  const isSame = earlier !== undefined && isSameExtraction(earlier, identity) && isComplete(features, earlier);
  if (earlier !== undefined && isSame && (await hasSameImages(features, earlier, names, files))) {
    await assertOwnFeatures(features, earlier);
    clearFinishedRun(features);
    return {
      files: extractionFiles(features),
      images: images.length,
      facesNotFound: earlier.facesNotFound,
      resumed: { images: images.length, ...earlier.extracted },
      changed: 0,
      otherMachines: earlier.otherMachines ?? [],
    };
  }
  const run = openExtraction(features, identity, fresh);
  try {
    if (run.finished.size > 0 && !run.isFinishing && !existsSync(run.files.features)) {
      throw new DatasetError(
        `${run.files.features}: expected the features of ${run.finished.size} finished images, got no file; run again with --fresh`,
      );
    }
    if (run.isFinishing) {
      await finish(options, run);
      // Whether the images are still the same is asked of finished features.
      return await extractFeatures({ ...options, fresh: false });
    }
    const known = await openImages(names, images, run);
    const { extracted, changed } = await extractOpenImages(options, run, known);
    const { facesNotFound, otherMachines = [] } = await finish(options, run);
    const earlierTimes = images.flatMap((_, image) => {
      const held = run.finished.get(image);
      return held === undefined || extracted.has(image) ? [] : [held.extractedAt];
    });
    const resumed = resumedImages(earlierTimes);
    return {
      files: extractionFiles(features),
      images: images.length,
      facesNotFound,
      changed,
      otherMachines,
      ...(resumed === undefined ? {} : { resumed }),
    };
  } catch (error) {
    run.close();
    throw error;
  }
}

/** Write down what was found and move the files to their places. @returns what was written down. */
async function finish(
  { names, images, identity, features, flip }: ExtractOptions,
  run: ExtractionRun,
): Promise<ExtractionAbout> {
  const finished = images.map((_, image) => run.finished.get(image)!);
  const facesNotFound = finished.filter(({ source }) => source === 'not-found').length;
  const { earliest, latest } = resumedImages(finished.map(({ extractedAt }) => extractedAt))!;
  const imagesSha256 = filesDigest(finished.map(({ sha256 }, image) => [names[image], sha256] as const));
  const otherMachines = countOtherMachines(finished);
  const target = extractionFiles(features);
  // A run that was killed while it moved its files has moved the first ones.
  const hashOf = async (file: string, moved: string): Promise<string> =>
    (await hashFile(existsSync(file) ? file : moved)).sha256;
  const about: ExtractionAbout = {
    ...identity,
    facesNotFound,
    imagesSha256,
    featuresSha256: await hashOf(run.files.features, target.features),
    ...(flip ? { flippedSha256: await hashOf(run.files.flipped, target.flipped) } : {}),
    ...(otherMachines.length === 0 ? {} : { otherMachines }),
    extracted: { earliest, latest },
  };
  run.finish(formatPoints(names, finished), about, flip);
  return about;
}

function countOtherMachines(images: readonly ExtractedImage[]): OtherMachine[] {
  const counts = new Map<string, { readonly differs: readonly string[]; images: number }>();
  for (const { madeBy } of images) {
    if (madeBy === undefined) continue;
    const held = counts.get(madeBy.join('\n')) ?? { differs: madeBy, images: 0 };
    counts.set(madeBy.join('\n'), held);
    held.images++;
  }
  return [...counts.values()];
}

/** Whether the mirrored features are still there, where there were any. */
function isComplete(features: string, { flippedSha256 }: ExtractionAbout): boolean {
  return flippedSha256 === undefined || existsSync(extractionFiles(features).flipped);
}

function formatPoints(names: readonly string[], images: readonly ExtractedImage[]): string {
  return images
    .map(
      ({ points, score }, i) =>
        `${names[i]} ${points.map((value) => value.toFixed(3)).join(' ')} ${score.toFixed(6)}\n`,
    )
    .join('');
}
