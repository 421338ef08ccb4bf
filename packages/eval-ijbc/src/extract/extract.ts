import { existsSync } from 'node:fs';
import { runPool, type TaskFailure } from '@retinabench/backends';
import { BackendError, DatasetError, ModelError } from '@retinabench/core';
import { filesDigest, hashFile, type ResumedImages, resumedImages } from '@retinabench/files';
import {
  type ExtractionAbout,
  type ExtractionFiles,
  type ExtractionIdentity,
  extractionFiles,
  isSameExtraction,
  readExtraction,
} from './extraction.js';
import { clearFinishedRun, type ExtractedImage, type ExtractionRun, openExtraction } from './extraction-run.js';
import { type FeatureWriter, openFeatureWriter } from './feature-writer.js';
import { assertOwnFeatures, hasSameImages } from './finished-extraction.js';
import { openImages } from './open-images.js';
import type { ExtractImage, ExtractInit, ExtractResult, ExtractTask } from './worker.js';

/** An extraction of features. */
export interface ExtractOptions extends ExtractInit {
  /** Names of the images, for the list of points and for messages. */
  readonly names: readonly string[];
  /** In the same order. */
  readonly images: readonly ExtractImage[];
  readonly identity: ExtractionIdentity;
  /** The `.npy` file to make. */
  readonly features: string;
  readonly workers: number;
  /** Discard what an earlier run left. */
  readonly fresh: boolean;
  /** Longest time of one image; absent: no limit. */
  readonly imageLimitMs?: number;
  /** Called first and after each group of images with the number done, earlier runs included. */
  readonly onImages: (images: number) => void;
  readonly signal?: AbortSignal;
}

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
}

/** An image without features, and why. */
interface FailedExtraction extends TaskFailure {
  readonly image: number;
}

/** Images that a worker takes at a time. */
const imagesPerTask = 8;

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
  const { names, images, identity, features, workers, fresh, imageLimitMs, onImages, signal, ...init } = options;
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
    };
  }
  const run = openExtraction(features, identity, fresh);
  const writers: FeatureWriter[] = [];
  let queue: Promise<void> = Promise.resolve();
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
    const open = [...known.keys()];
    const extractedNow = new Set<number>();
    let done = images.length - open.length;
    let changed = 0;
    onImages(done);
    const begin = async (dimensions: number): Promise<void> => {
      if (writers.length > 0) return;
      writers.push(await openFeatureWriter(run.files.features, images.length, dimensions));
      if (init.flip) writers.push(await openFeatureWriter(run.files.flipped, images.length, dimensions));
    };
    const keep = async (indices: readonly number[], results: readonly ExtractResult[]): Promise<void> => {
      for (const [i, { reading, face }] of results.entries()) {
        const image = indices[i];
        if (face !== undefined) {
          const { feature, flipped, points, score, source } = face;
          await begin(feature.length);
          writers[0].write(image, feature);
          if (flipped !== undefined) writers[1].write(image, flipped);
          if (run.finished.has(image)) changed++;
          extractedNow.add(image);
          const { sha256 } = reading;
          const extractedAt = new Date().toISOString();
          run.append({ image, points: Array.from(points, roundPoint), score, source, sha256, extractedAt });
        }
        run.digests.keep(names[image], reading);
      }
      done += results.length;
      onImages(done);
    };
    const runGroups = async (
      groups: readonly (readonly number[])[],
      attempts: 'both' | 'first' | 'last',
    ): Promise<FailedExtraction[]> => {
      const failed: FailedExtraction[] = [];
      await runPool<ExtractInit, ExtractTask, ExtractResult[]>({
        // From `src` (under a test runner) as well as from `dist`, the compiled worker is two folders up, in `dist`.
        module: new URL('../../dist/extract/worker.js', import.meta.url),
        workers,
        init,
        tasks: groups.map((indices) => ({ images: indices.map((image) => known.get(image) as ExtractImage) })),
        attempts,
        proven: run.finished.size > 0,
        ...(imageLimitMs === undefined ? {} : { taskLimitMs: imageLimitMs * largestOf(groups) }),
        ...(signal === undefined ? {} : { signal }),
        nameOf: (group) => names[groups[group][0]],
        onResult: (group, results) => {
          queue = queue.then(() => keep(groups[group], results));
          // Awaited below; until then a rejection is not unhandled.
          queue.catch(() => undefined);
        },
        onFailure: (group, failure) => {
          failed.push(...groups[group].map((image) => ({ image, ...failure })));
        },
      });
      await queue;
      return failed;
    };
    const groups = Array.from({ length: Math.ceil(open.length / imagesPerTask) }, (_, i) =>
      open.slice(i * imagesPerTask, (i + 1) * imagesPerTask),
    );
    // One bad image fails its group, and one that kills or never ends takes its group along: the others are tried alone.
    const first = await runGroups(groups, 'first');
    const isDeadly = ({ kind }: FailedExtraction): boolean => kind === 'death' || kind === 'timeout';
    const alone = (deadly: boolean): number[][] =>
      first.filter((image) => isDeadly(image) === deadly).map(({ image }) => [image]);
    const failed = [...(await runGroups(alone(false), 'both')), ...(await runGroups(alone(true), 'last'))];
    if (failed.length > 0) throw cannotExtract(names, failed);
    for (const writer of writers.splice(0)) writer.close();
    const facesNotFound = await finish(options, run);
    const earlierTimes = images.flatMap((_, image) => {
      const held = run.finished.get(image);
      return held === undefined || extractedNow.has(image) ? [] : [held.extractedAt];
    });
    const resumed = resumedImages(earlierTimes);
    return {
      files: extractionFiles(features),
      images: images.length,
      facesNotFound,
      changed,
      ...(resumed === undefined ? {} : { resumed }),
    };
  } catch (error) {
    // What has arrived is written before the files are closed.
    await queue.catch(() => undefined);
    run.close();
    throw error;
  } finally {
    for (const writer of writers) writer.close();
  }
}

/** Write down what was found and move the files to their places. @returns images in which no face was found. */
async function finish(
  { names, images, identity, features, flip }: ExtractOptions,
  run: ExtractionRun,
): Promise<number> {
  const finished = images.map((_, image) => run.finished.get(image)!);
  const facesNotFound = finished.filter(({ source }) => source === 'not-found').length;
  const { earliest, latest } = resumedImages(finished.map(({ extractedAt }) => extractedAt))!;
  const imagesSha256 = filesDigest(finished.map(({ sha256 }, image) => [names[image], sha256] as const));
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
    extracted: { earliest, latest },
  };
  run.finish(formatPoints(names, finished), about, flip);
  return facesNotFound;
}

/** Whether the mirrored features are still there, where there were any. */
function isComplete(features: string, { flippedSha256 }: ExtractionAbout): boolean {
  return flippedSha256 === undefined || existsSync(extractionFiles(features).flipped);
}

function largestOf(groups: readonly (readonly number[])[]): number {
  return groups.reduce((most, group) => Math.max(most, group.length), 1);
}

/** Images that ended their worker are the environment's failure, and all named; of others the first five are. */
function cannotExtract(names: readonly string[], failed: readonly FailedExtraction[]): Error {
  const describe = ({ image, message }: FailedExtraction): string => `${names[image]}: ${message}`;
  const deadly = failed.filter(({ kind }) => kind === 'death' || kind === 'timeout');
  const others = failed.filter(({ kind }) => kind === 'input' || kind === 'work');
  const work = others.find(({ kind }) => kind === 'work');
  const named = [...deadly, ...others.slice(0, 5)].map(describe).join('; ');
  const what = `${failed.length} of ${names.length} images could not be extracted, the others are kept: ${named}`;
  if (deadly.length > 0) {
    return new BackendError(
      `${what}; give the machine more memory or time, or leave them out, and run the same command again`,
    );
  }
  if (work === undefined) return new DatasetError(`${what}; correct them and run the same command again`);
  const next = `${what}; choose another model or --backend`;
  return work.exitCode === 2 ? new ModelError(next) : new BackendError(next);
}

/** Thousandths of a pixel, as the public lists have them. */
function roundPoint(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function formatPoints(names: readonly string[], images: readonly ExtractedImage[]): string {
  return images
    .map(
      ({ points, score }, i) =>
        `${names[i]} ${points.map((value) => value.toFixed(3)).join(' ')} ${score.toFixed(6)}\n`,
    )
    .join('');
}
