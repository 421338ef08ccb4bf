import { existsSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import {
  canonicalJson,
  DatasetError,
  describeViolations,
  EnvironmentError,
  objectSchema,
  validateJson,
} from '@retinabench/core';
import { AppendLog, lockFolder, replaceFile, writeAdvice } from '@retinabench/files';
import {
  type ExtractionFiles,
  type ExtractionIdentity,
  extractionFiles,
  readExtractionIdentity,
} from './extraction.js';
import type { PointSource } from './locate-face.js';

/** What was found in one image, as the log of a run holds it. */
export interface ExtractedImage {
  readonly image: number;
  readonly points: readonly number[];
  readonly score: number;
  readonly source: PointSource;
}

/** An extraction under way; its files have a folder of their own until all images are done. */
export interface ExtractionRun {
  readonly files: ExtractionFiles;
  readonly finished: ReadonlyMap<number, ExtractedImage>;
  /** An earlier run was ended while it moved the files to their places: `finish` goes on with that. */
  readonly isFinishing: boolean;
  append(image: ExtractedImage): void;
  /** Move the files to their places and remove the folder; ended at any moment, it can be done again. */
  finish(points: string, about: unknown, hasFlipped: boolean): void;
  /** Give the folder back, keeping what is done. */
  close(): void;
}

/** Name of the log, in the folder of a run. */
const logName = 'images.jsonl';

/** There while the files move to their places. */
const finishingName = 'finishing';

const entrySchema = objectSchema({
  image: { type: 'integer', minimum: 0 },
  points: { type: 'array', items: { type: 'number' }, minItems: 10, maxItems: 10 },
  score: { type: 'number' },
  source: { type: 'string', enum: ['detected', 'given', 'not-found'] },
});

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
  const release = lockFolder(folder);
  try {
    // Without a log there is nothing to go on with, only what a kill left of a run that was done.
    if (fresh || !existsSync(path.join(folder, logName))) discard(folder);
    assertSameRun(path.join(folder, 'run.json'), folder, identity);
    const finishing = path.join(folder, finishingName);
    const isFinishing = existsSync(finishing);
    const log = AppendLog.open(path.join(folder, logName), parseEntry);
    const finished = new Map(log.entries.map((entry) => [entry.image, entry]));
    const moveToPlaces = (points: string, about: unknown, hasFlipped: boolean): void => {
      if (!isFinishing) {
        // What lies there belongs to something else; it goes before the first new file comes.
        rmSync(target.about, { force: true });
        rmSync(target.flipped, { force: true });
        replaceFile(finishing, '');
      }
      if (existsSync(files.features)) renameSync(files.features, target.features);
      if (hasFlipped && existsSync(files.flipped)) renameSync(files.flipped, target.flipped);
      replaceFile(target.points, points);
      replaceFile(target.about, `${JSON.stringify(about, null, 2)}\n`);
    };
    return {
      files,
      finished,
      isFinishing,
      append: (entry) => {
        log.append(entry);
        finished.set(entry.image, entry);
      },
      finish: (points, about, hasFlipped) => {
        try {
          moveToPlaces(points, about, hasFlipped);
        } catch (cause) {
          throw cannotWrite(features, cause);
        }
        log.close();
        discard(folder);
        release();
        removeIfEmpty(folder);
      },
      close: () => {
        log.close();
        release();
      },
    };
  } catch (cause) {
    release();
    if (cause instanceof DatasetError || cause instanceof EnvironmentError) throw cause;
    throw cannotWrite(folder, cause);
  }
}

function cannotWrite(place: string, cause: unknown): EnvironmentError {
  return new EnvironmentError(
    `${place}: cannot write (${(cause as Error).message}); ${writeAdvice(cause, 'choose another place with --out FILE')}`,
    { cause },
  );
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

/** Delete what a run left but its lock; the log goes first and the identity last, so that no kill parts the two. */
function discard(folder: string): void {
  rmSync(path.join(folder, logName), { force: true });
  for (const name of readdirSync(folder)) {
    if (name !== 'run.json' && !name.startsWith('lock'))
      rmSync(path.join(folder, name), { recursive: true, force: true });
  }
  rmSync(path.join(folder, 'run.json'), { force: true });
}

/** Another process may have taken the folder as soon as it was given back; then it stays. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOENT') throw error;
  }
}

function assertSameRun(file: string, folder: string, identity: ExtractionIdentity): void {
  if (existsSync(file) && canonicalJson(readExtractionIdentity(file)) !== canonicalJson(identity)) {
    throw new DatasetError(
      `${folder}: holds an extraction with other models, settings or images; choose another --out, or discard it with --fresh`,
    );
  }
  replaceFile(file, `${JSON.stringify(identity, null, 2)}\n`);
}

function parseEntry(value: unknown, place: string): ExtractedImage {
  const violations = validateJson(entrySchema, value);
  if (violations.length === 0) return value as ExtractedImage;
  throw new DatasetError(`${place}: not an extracted image: ${describeViolations(violations)}; run again with --fresh`);
}
