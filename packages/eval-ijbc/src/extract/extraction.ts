import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { AppendLog, lockFolder, makeFolderSync } from '@retinabench/backends';
import {
  canonicalJson,
  DatasetError,
  describeViolations,
  EnvironmentError,
  type JsonSchema,
  type ProtocolSettings,
  validateJson,
} from '@retinabench/core';
import writeFileAtomic from 'write-file-atomic';
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
  append(image: ExtractedImage): void;
  /** Move the files to their places and remove the folder. */
  finish(points: string, about: unknown, hasFlipped: boolean): void;
  /** Give the folder back, keeping what is done. */
  close(): void;
}

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

const modelSchema: JsonSchema = {
  type: 'object',
  properties: { id: { type: 'string' }, sha256: { type: 'string' } },
  required: ['id', 'sha256'],
};

const aboutSchema: JsonSchema = {
  type: 'object',
  properties: {
    detector: modelSchema,
    landmarker: modelSchema,
    embedder: modelSchema,
    backend: { type: 'object', properties: { id: { type: 'string' }, version: { type: 'string' } } },
    settings: { type: 'object' },
    images: { type: 'object' },
    facesNotFound: { type: 'integer', minimum: 0 },
  },
  required: ['embedder', 'backend', 'settings', 'images', 'facesNotFound'],
  additionalProperties: false,
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
  if (fresh) rmSync(folder, { recursive: true, force: true });
  const release = lockFolder(folder);
  try {
    assertSameRun(path.join(folder, 'run.json'), folder, identity);
    const log = AppendLog.open(path.join(folder, 'images.jsonl'), parseEntry);
    const finished = new Map(log.entries.map((entry) => [entry.image, entry]));
    return {
      files,
      finished,
      append: (entry) => {
        log.append(entry);
        finished.set(entry.image, entry);
      },
      finish: (points, about, hasFlipped) => {
        makeFolderSync(path.dirname(path.resolve(features)));
        rmSync(target.about, { force: true });
        rmSync(target.flipped, { force: true });
        renameSync(files.features, target.features);
        if (hasFlipped) renameSync(files.flipped, target.flipped);
        writeFileAtomic.sync(target.points, points);
        writeFileAtomic.sync(target.about, `${JSON.stringify(about, null, 2)}\n`);
        log.close();
        release();
        rmSync(folder, { recursive: true, force: true });
      },
      close: () => {
        log.close();
        release();
      },
    };
  } catch (cause) {
    release();
    if (cause instanceof DatasetError || cause instanceof EnvironmentError) throw cause;
    throw new EnvironmentError(
      `${folder}: cannot write (${(cause as Error).message}); choose another place with --out FILE`,
      { cause },
    );
  }
}

function assertSameRun(file: string, folder: string, identity: ExtractionIdentity): void {
  if (existsSync(file)) {
    const held = parseJson(file, 'run again with --fresh');
    if (canonicalJson(held) !== canonicalJson(identity)) {
      throw new DatasetError(
        `${folder}: holds an extraction with other models, settings or images; choose another --out, or discard it with --fresh`,
      );
    }
  }
  writeFileAtomic.sync(file, `${JSON.stringify(identity, null, 2)}\n`);
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
