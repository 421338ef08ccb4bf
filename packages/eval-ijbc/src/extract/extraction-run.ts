import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import {
  canonicalJson,
  checkJson,
  DatasetError,
  EnvironmentError,
  type JsonContract,
  objectSchemaWithOptional,
} from '@retinabench/core';
import {
  cannotWriteRun,
  type DigestIndex,
  lockFolder,
  openResumableRun,
  refuseLinks,
  removeIfEmpty,
  replaceFile,
} from '@retinabench/files';
import {
  type ExtractionFiles,
  type ExtractionIdentity,
  extractionFiles,
  isExtraction,
  readExtractionIdentity,
} from './extraction.js';
import type { PointSource } from './locate-face.js';

/** What was found in one image, as the log of a run holds it. */
export interface ExtractedImage {
  readonly image: number;
  readonly points: readonly number[];
  readonly score: number;
  readonly source: PointSource;
  /** SHA-256 of the image's bytes. */
  readonly sha256: string;
  /** ISO-8601. */
  readonly extractedAt: string;
  /** In what the machine that did it differs from what the run asks for; absent: in nothing. */
  readonly madeBy?: readonly string[];
}

/** An extraction under way; its files have a folder of their own until all images are done. */
export interface ExtractionRun {
  readonly files: ExtractionFiles;
  readonly finished: ReadonlyMap<number, ExtractedImage>;
  /** Hashes of the images by name, with the stamps of their files. */
  readonly digests: DigestIndex;
  /** An earlier run was ended while it moved the files to their places: `finish` goes on with that. */
  readonly isFinishing: boolean;
  append(image: ExtractedImage): void;
  /** Move the files to their places and remove the folder; ended at any moment, it can be done again. */
  finish(points: string, about: unknown, hasFlipped: boolean): void;
  /** Give the folder back, keeping what is done. */
  close(): void;
}

/** What to do where a run cannot be written. */
const advice = 'choose another place with --out FILE';

/** Name of the log, in the folder of a run. */
const logName = 'images.jsonl';

/** Name of the identity, in the folder of a run. */
const identityName = 'run.json';

/** There while the files move to their places. */
const finishingName = 'finishing';

const entryContract: JsonContract = {
  schema: objectSchemaWithOptional(
    {
      image: { type: 'integer', minimum: 0 },
      points: { type: 'array', items: { type: 'number' }, minItems: 10, maxItems: 10 },
      score: { type: 'number' },
      source: { type: 'string', enum: ['detected', 'given', 'not-found'] },
      sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      extractedAt: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$' },
      madeBy: { type: 'array', items: { type: 'string' }, minItems: 1 },
    },
    ['madeBy'],
  ),
  what: 'an extracted image',
  next: 'run again with --fresh',
  ErrorClass: DatasetError,
};

/**
 * Open the run that makes `features`, or begin it: `<features>.run` holds what it needs to go on.
 *
 * @param fresh discard what an earlier run left.
 * @throws {DatasetError} if the folder holds a run of another identity.
 * @throws {EnvironmentError} if the folder cannot be written or another process writes to it.
 */
export function openExtraction(features: string, identity: ExtractionIdentity, fresh: boolean): ExtractionRun {
  const target = extractionFiles(features);
  const folder = `${features}.run`;
  const files = extractionFiles(path.join(folder, 'features.npy'));
  refuseLinks([folder, ...Object.values(files), ...Object.values(target), path.join(folder, logName)]);
  refuseForeign(folder, features);
  const { log, digests, release, close } = openResumableRun({
    files: {
      folder,
      identity: path.join(folder, identityName),
      log: path.join(folder, logName),
      digests: files.digests,
    },
    identity,
    parse: parseEntry,
    prepare: () => {
      // Without a log there is nothing to go on with, only what a kill left of a run that was done.
      if (fresh || !existsSync(path.join(folder, logName))) discard(folder);
      assertSameRun(folder, identity);
    },
    place: folder,
    advice,
  });
  const isFinishing = existsSync(path.join(folder, finishingName));
  const finished = new Map(log.entries.map((entry) => [entry.image, entry]));
  return {
    files,
    finished,
    digests,
    isFinishing,
    append: (entry) => {
      log.append(entry);
      finished.set(entry.image, entry);
    },
    finish: (points, about, hasFlipped) => {
      digests.close();
      try {
        if (!isFinishing) beginFinishing(folder, target);
        moveToPlaces(files, target, { hasFlipped, isFinishing });
        replaceFile(target.points, points);
        replaceFile(target.about, `${JSON.stringify(about, null, 2)}\n`);
      } catch (cause) {
        throw cannotWriteRun(features, advice, cause);
      }
      log.close();
      discard(folder);
      release();
      removeIfEmpty(folder);
    },
    close,
  };
}

/** What lies at the places of the files belongs to something else; it goes before the first new file comes. */
function beginFinishing(folder: string, target: ExtractionFiles): void {
  rmSync(target.about, { force: true });
  rmSync(target.flipped, { force: true });
  rmSync(target.digests, { force: true });
  replaceFile(path.join(folder, finishingName), '');
}

/** @param isFinishing an earlier run was ended while it moved them. */
function moveToPlaces(
  files: ExtractionFiles,
  target: ExtractionFiles,
  { hasFlipped, isFinishing }: { readonly hasFlipped: boolean; readonly isFinishing: boolean },
): void {
  if (existsSync(files.features)) renameSync(files.features, target.features);
  if (hasFlipped && existsSync(files.flipped)) renameSync(files.flipped, target.flipped);
  // A file that was moved already is whole; one of that name in the folder was begun by this run and is empty.
  if (isFinishing && existsSync(target.digests)) rmSync(files.digests, { force: true });
  else if (existsSync(files.digests)) renameSync(files.digests, target.digests);
}

/**
 * Remove what a run that was killed after its features were in place left of its folder; while another process holds it,
 * or where nothing may be written, it stays.
 */
export function clearFinishedRun(features: string): void {
  const folder = `${features}.run`;
  if (!existsSync(folder)) return;
  const holdsWork = existsSync(path.join(folder, logName)) && !existsSync(path.join(folder, finishingName));
  if (holdsWork) return;
  try {
    const release = lockFolder(folder);
    discard(folder);
    release();
    removeIfEmpty(folder);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
  }
}

/** Files of a run by their names, in the order in which they are deleted: no kill parts log and identity. */
const ownNames: readonly string[] = [
  logName,
  ...Object.values(extractionFiles('features.npy')).flatMap((name) => [name, `${name}.new`]),
  finishingName,
  identityName,
];

/** Delete what a run left but its lock. Anything else in the folder stays. */
function discard(folder: string): void {
  for (const name of ownNames) rmSync(path.join(folder, name), { force: true });
}

/**
 * Refuse places of others: a folder of the run's name that no run made, and features of that name that no extraction made.
 *
 * @throws {DatasetError} naming the place.
 */
function refuseForeign(folder: string, features: string): void {
  const isOwn = (name: string): boolean => ownNames.includes(name) || name.startsWith('lock') || /\.tmp$/.test(name);
  const isRun = !existsSync(folder) || existsSync(path.join(folder, identityName)) || readdirSync(folder).every(isOwn);
  if (!isRun) {
    throw new DatasetError(`${folder}: holds files that no extraction left; choose another place with --out FILE`);
  }
  const { about, ...others } = extractionFiles(features);
  const there = Object.values(others).find((file) => existsSync(file));
  // While a run moves its files to their places, features stand there without what says whose they are.
  if (there === undefined || isExtraction(about) || existsSync(path.join(folder, finishingName))) return;
  throw new DatasetError(
    `${there}: was not made by an extraction (there is no ${path.basename(about)} of one); move it away, or choose another place with --out FILE`,
  );
}

function assertSameRun(folder: string, identity: ExtractionIdentity): void {
  const file = path.join(folder, identityName);
  if (existsSync(file) && canonicalJson(readExtractionIdentity(file)) !== canonicalJson(identity)) {
    throw new DatasetError(
      `${folder}: holds an extraction with other models, settings or images; choose another --out, or discard it with --fresh`,
    );
  }
}

function parseEntry(value: unknown, place: string): ExtractedImage {
  return checkJson(value, place, entryContract);
}
