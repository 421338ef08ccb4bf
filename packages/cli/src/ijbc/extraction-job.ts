import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { loadBackend, runtimeVersions } from '@retinabench/backends';
import { canonicalJson, DatasetError, EnvironmentError } from '@retinabench/core';
import {
  type ExtractImage,
  type Extraction,
  type ExtractionIdentity,
  type ExtractOptions,
  extractFeatures,
  extractionBuild,
  extractionSettings,
  findMeta,
  imageFile,
  type MetaFiles,
  type ModelIdentity,
  type PointList,
  readImages,
  readPoints,
} from '@retinabench/eval-ijbc';
import { cardDigest, type LoadedModel } from '@retinabench/models/node';
import { protocolId } from '@retinabench/results';
import { askedProtocol, imageLimit } from '../detection/flags.js';
import { requireQueue } from '../queue/queue-flags.js';
import { resumedNotes } from '../record/resumed-notes.js';
import { interruptible } from '../terminal/interrupt.js';
import { type Output, printNote } from '../terminal/output.js';
import { type Progress, startProgress } from '../terminal/progress.js';
import { embeddedTemplateSet } from './embedded-set.js';
import { extractOnQueue } from './extract-on-queue.js';
import type { ExtractionFlags } from './extraction-flags.js';
import { type ExtractionParts, resolveExtractionParts } from './extraction-parts.js';

/** Images that are looked for at a time. */
const statsAtOnce = 64;

/**
 * Extract the features of the images of a data set, going on where an earlier run of the same identity stopped.
 *
 * @param features the `.npy` file to make; default: one named after data set, detector, embedder and the
 * hash of all settings, below `results/ijbc-features`.
 */
export async function runExtraction(
  output: Output,
  flags: ExtractionFlags,
  features: string | undefined,
): Promise<Extraction> {
  requireQueue(flags);
  const list = await readImageList(flags);
  const parts = await resolveExtractionParts(flags);
  const { detector, landmarker, embedder, crop, mirror } = parts;
  for (const warning of [detector, landmarker, embedder].flatMap((model) => model?.warnings ?? [])) printNote(warning);
  const identity = await identityOf(flags, parts, list);
  await requireImages(list.images);
  const place = features ?? featuresFile(list.prefix, parts, identity);
  const options: SilentOptions = {
    names: list.names,
    images: list.images,
    identity,
    features: place,
    ...(detector === undefined ? {} : { detector: { ...detector, asked: askedProtocol(flags) } }),
    ...(landmarker === undefined ? {} : { landmarker }),
    embedder,
    crop,
    backend: flags.backend,
    threads: flags.threads,
    workers: flags.workers,
    ...imageLimit(flags),
    flip: mirror,
    ...(flags.resizeLong === undefined ? {} : { resizeLongPx: flags.resizeLong }),
    fresh: flags.fresh === true,
  };
  const advice = (): string => `finished images are kept in ${place}.run: run the same command again to go on`;
  return interruptible(advice, (signal) => extractWithProgress(output, flags, { ...options, signal }, list.folder));
}

/** What the features are of, all that changes them included. */
async function identityOf(
  flags: ExtractionFlags,
  { detector, landmarker, embedder, crop, mirror }: ExtractionParts,
  { names, images }: ListedImages,
): Promise<ExtractionIdentity> {
  const backend = await loadBackend(flags.backend);
  return {
    code: extractionBuild(),
    ...(detector === undefined ? {} : { detector: identify(detector) }),
    ...(landmarker === undefined ? {} : { landmarker: identify(landmarker) }),
    embedder: identify(embedder),
    backend: { id: backend.id, version: await backend.version() },
    runtimes: await runtimeVersions(backend.id),
    settings: extractionSettings(
      {
        crop,
        mirror,
        asked: askedProtocol(flags),
        ...(flags.resizeLong === undefined ? {} : { resizeLongPx: flags.resizeLong }),
      },
      {
        embedder: embedder.card,
        ...(detector === undefined ? {} : { detector: detector.card }),
        ...(landmarker === undefined ? {} : { landmarker: landmarker.card }),
      },
    ),
    images: { count: images.length, listSha256: listDigest(names, images) },
  };
}

function featuresFile(prefix: string, { detector, embedder }: ExtractionParts, identity: ExtractionIdentity): string {
  const settings = protocolId({ identity: canonicalJson(identity) });
  const name = `${prefix}-${detector?.card.id ?? 'given'}-${embedder.card.id}-${settings}.npy`;
  return path.join('results', 'ijbc-features', name);
}

/** Options without their progress, which belongs to the terminal. */
type SilentOptions = Omit<ExtractOptions, 'onImages'>;

/** @param folder of the images. */
async function extractWithProgress(
  output: Output,
  flags: ExtractionFlags,
  options: SilentOptions,
  folder: string,
): Promise<Extraction> {
  const count = options.images.length;
  let progress: Progress | undefined;
  const shown: ExtractOptions = {
    ...options,
    onImages: (done) => {
      progress ??= startProgress(output, count, 'images', done);
      progress.update(done);
    },
  };
  try {
    const extraction = await (flags.queue === undefined
      ? extractFeatures(shown)
      : extractOnQueue(output, flags, shown, folder, (text) => progress?.describe(text)));
    progress?.stop();
    if (!output.quiet) for (const note of resumedNotes(extraction, count)) printNote(note);
    return extraction;
  } finally {
    progress?.stop();
  }
}

/** Images that features are extracted of, in the order of their list. */
interface ListedImages {
  readonly prefix: string;
  readonly names: readonly string[];
  readonly images: readonly ExtractImage[];
  /** Of the images. */
  readonly folder: string;
}

/** The images of a data set with the points that are given of them, in the order of their list. */
async function readImageList(flags: ExtractionFlags): Promise<ListedImages> {
  const metaFolder = flags.meta ?? flags.data ?? (await embeddedTemplateSet()).folder;
  const meta = await findMeta(metaFolder, flags.prefix);
  const list = await readImages(meta.images);
  const names = list.names.slice(0, flags.limit);
  const points = meta.points === undefined ? undefined : await readPoints(meta.points, list.names);
  if (flags.landmarks === 'given' && points === undefined) {
    throw new DatasetError(
      `${metaFolder}: expected ${meta.prefix}_name_5pts_score.txt for --landmarks given, got none; use --landmarks detect`,
    );
  }
  const folder = imageFolder(flags.images, meta);
  const images = listImages(folder, meta.images, names, points);
  return { prefix: meta.prefix, names, images, folder };
}

function identify({ card }: LoadedModel): ModelIdentity {
  return { id: card.id, sha256: card.sha256, cardSha256: cardDigest(card) };
}

function imageFolder(images: string | undefined, { prefix, images: list }: MetaFiles): string {
  const meta = path.dirname(list);
  const folders = ['loose_crop', 'images'].flatMap((name) => [path.join(meta, name), path.join(meta, '..', name)]);
  const found = images ?? folders.find((folder) => existsSync(folder));
  if (found === undefined || !existsSync(found)) {
    throw new EnvironmentError(
      `${found ?? meta}: expected the folder of the images of ${prefix}, got none; name it with --images DIR`,
    );
  }
  return found;
}

function listImages(
  folder: string,
  list: string,
  names: readonly string[],
  points: PointList | undefined,
): ExtractImage[] {
  return names.map((name, i) => ({
    file: imageFile(folder, name, `${list}:${i + 1}`),
    ...(points === undefined
      ? {}
      : { points: [...points.points.subarray(i * 10, i * 10 + 10)], score: points.scores[i] }),
  }));
}

/** Which images, in order, and the points and scores that are given with them. */
function listDigest(names: readonly string[], images: readonly ExtractImage[]): string {
  const hash = createHash('sha256');
  images.forEach(({ points, score }, i) => {
    hash.update(`${names[i]} ${points?.join(' ') ?? ''} ${score ?? ''}\n`);
  });
  return hash.digest('hex');
}

/** @throws {DatasetError} naming the first image that is missing or no file. */
async function requireImages(images: readonly ExtractImage[]): Promise<void> {
  for (let start = 0; start < images.length; start += statsAtOnce) {
    await Promise.all(images.slice(start, start + statsAtOnce).map(({ file }) => requireFile(file)));
  }
}

async function requireFile(file: string): Promise<void> {
  try {
    if ((await stat(file)).isFile()) return;
  } catch (cause) {
    throw new DatasetError(`${file}: expected an image (${(cause as Error).message}); check --images`, { cause });
  }
  throw new DatasetError(`${file}: expected an image, got a folder, pipe or device; check --images`);
}
