import { existsSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { AppendLog, lockFolder, replaceFile } from '@retinabench/backends';
import {
  canonicalJson,
  DatasetError,
  describeViolations,
  EnvironmentError,
  type JsonSchema,
  type ProtocolSettings,
  settingSchema,
  validateJson,
  writeAdvice,
} from '@retinabench/core';
import type { PointSource } from './locate-face.js';

/** Everything that determines the features of images. */
export interface ExtractionIdentity {
  readonly detector?: { readonly id: string; readonly sha256: string };
  /** The 68-point network. */
  readonly landmarker?: { readonly id: string; readonly sha256: string };
  readonly embedder: { readonly id: string; readonly sha256: string };
  readonly backend: { readonly id: string; readonly version: string };
  readonly settings: ProtocolSettings;
  readonly images: { readonly count: number; readonly sha256: string };
}

/** What lies beside finished features. */
export interface ExtractionAbout extends ExtractionIdentity {
  /** Images in which no face scores at least 0.5. */
  readonly facesNotFound: number;
}

/** What was found in one image, as the log of a run holds it. */
export interface ExtractedImage {
  readonly image: number;
  readonly points: readonly number[];
  readonly score: number;
  readonly source: PointSource;
}

/** Where the files of an extraction lie. */
export interface ExtractionFiles {
  readonly features: string;
  readonly flipped: string;
  /** In the format of `<prefix>_name_5pts_score.txt`. */
  readonly points: string;
  /** Identity and counts. */
  readonly about: string;
}

/** The files beside `features.npy`: `features-flip.npy`, `features-points.txt`, `features.json`. */
export function extractionFiles(features: string): ExtractionFiles {
  const stem = features.replace(/\.npy$/i, '');
  return { features, flipped: `${stem}-flip.npy`, points: `${stem}-points.txt`, about: `${stem}.json` };
}

/**
 * What lies beside the features, or undefined if they were made by something else.
 *
 * @throws {DatasetError} if it does not parse.
 */
export function readExtraction(features: string): ExtractionAbout | undefined {
  const { about } = extractionFiles(features);
  if (!existsSync(about) || !existsSync(features)) return undefined;
  const value = parseJson(about, `delete it, or extract again with --fresh`);
  const violations = validateJson(aboutSchema, value);
  return violations.length === 0 ? (value as ExtractionAbout) : undefined;
}

/** Whether finished features are those that `identity` would give. */
export function isSameExtraction(about: ExtractionAbout, identity: ExtractionIdentity): boolean {
  const { facesNotFound: _, ...held } = about;
  return canonicalJson(held) === canonicalJson(identity);
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

const entrySchema: JsonSchema = {
  type: 'object',
  properties: {
    image: { type: 'integer', minimum: 0 },
    points: { type: 'array', items: { type: 'number' }, minItems: 10, maxItems: 10 },
    score: { type: 'number' },
    source: { type: 'string', enum: ['detected', 'given', 'not-found'] },
  },
  required: ['image', 'points', 'score', 'source'],
  additionalProperties: false,
};

function texts(...names: readonly string[]): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    required: names,
    additionalProperties: false,
  };
}

const identitySchema: JsonSchema = {
  type: 'object',
  properties: {
    detector: texts('id', 'sha256'),
    landmarker: texts('id', 'sha256'),
    embedder: texts('id', 'sha256'),
    backend: texts('id', 'version'),
    settings: { type: 'object', additionalProperties: settingSchema },
    images: {
      type: 'object',
      properties: { count: { type: 'integer', minimum: 0 }, sha256: { type: 'string' } },
      required: ['count', 'sha256'],
      additionalProperties: false,
    },
  },
  required: ['embedder', 'backend', 'settings', 'images'],
  additionalProperties: false,
};

const aboutSchema: JsonSchema = {
  ...identitySchema,
  properties: { ...identitySchema.properties, facesNotFound: { type: 'integer', minimum: 0 } },
  required: [...(identitySchema.required ?? []), 'facesNotFound'],
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
  const release = lockFolder(folder);
  try {
    // Without a log there is nothing to go on with, only what a kill left of a run that was done.
    if (fresh || !existsSync(path.join(folder, logName))) discard(folder);
    assertSameRun(path.join(folder, 'run.json'), folder, identity);
    const finishing = path.join(folder, 'finishing');
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
  if (!existsSync(folder) || existsSync(path.join(folder, logName))) return;
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
  if (existsSync(file)) {
    const held = parseJson(file, 'run again with --fresh');
    const violations = validateJson(identitySchema, held);
    if (violations.length > 0) {
      throw new DatasetError(
        `${file}: not the identity of an extraction: ${describeViolations(violations)}; run again with --fresh`,
      );
    }
    if (canonicalJson(held) !== canonicalJson(identity)) {
      throw new DatasetError(
        `${folder}: holds an extraction with other models, settings or images; choose another --out, or discard it with --fresh`,
      );
    }
  }
  replaceFile(file, `${JSON.stringify(identity, null, 2)}\n`);
}

function parseJson(file: string, next: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new DatasetError(`${file}: does not parse (${(cause as Error).message}); ${next}`, { cause });
  }
}

function parseEntry(value: unknown, place: string): ExtractedImage {
  const violations = validateJson(entrySchema, value);
  if (violations.length === 0) return value as ExtractedImage;
  throw new DatasetError(`${place}: not an extracted image: ${describeViolations(violations)}; run again with --fresh`);
}
