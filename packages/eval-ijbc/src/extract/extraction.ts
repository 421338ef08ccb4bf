import { existsSync, readFileSync } from 'node:fs';
import {
  canonicalJson,
  DatasetError,
  EnvironmentError,
  type JsonContract,
  type JsonSchema,
  objectSchema,
  readJson,
  readUncheckedJson,
  validateJson,
} from '@retinabench/core';
import { type ProtocolSettings, settingSchema } from '@retinabench/results';

/** A model that takes part: hash of its files, and of its whole card as canonical JSON. */
export interface ModelIdentity {
  readonly id: string;
  readonly sha256: string;
  readonly cardSha256: string;
}

/** Everything that determines the features of images but the images themselves, whose hashes lie beside the features. */
export interface ExtractionIdentity {
  /** The code that extracts: `extractionBuild`. */
  readonly code: { readonly version: string; readonly sha256: string };
  readonly detector?: ModelIdentity;
  /** The 68-point network. */
  readonly landmarker?: ModelIdentity;
  readonly embedder: ModelIdentity;
  readonly backend: { readonly id: string; readonly version: string };
  /** What others wrote and that takes part, by name. */
  readonly runtimes: Readonly<Record<string, string>>;
  readonly settings: ProtocolSettings;
  /** Which images, in order, and the points that are given with them. */
  readonly images: { readonly count: number; readonly listSha256: string };
}

/** How many images a machine did that differs from what the run asks for, and in what. */
export interface OtherMachine {
  readonly differs: readonly string[];
  readonly images: number;
}

/** What lies beside finished features. */
export interface ExtractionAbout extends ExtractionIdentity {
  /** Images in which no face scores at least 0.5. */
  readonly facesNotFound: number;
  /** Over names and bytes of the images. */
  readonly imagesSha256: string;
  /** Of the bytes of the features and, where there are any, of the mirrored ones. */
  readonly featuresSha256: string;
  readonly flippedSha256?: string;
  /** Images by machines that differ from what was asked for, where that was allowed; absent: none. */
  readonly otherMachines?: readonly OtherMachine[];
  /** ISO-8601, of the first and the last image. */
  readonly extracted: { readonly earliest: string; readonly latest: string };
}

/** Where the files of an extraction lie. */
export interface ExtractionFiles {
  readonly features: string;
  readonly flipped: string;
  /** In the format of `<prefix>_name_5pts_score.txt`. */
  readonly points: string;
  /** Identity and counts. */
  readonly about: string;
  /** Hash and stamp of each image. */
  readonly digests: string;
}

/** The files beside `features.npy`: `features-flip.npy`, `features-points.txt`, `features.json`, `features-images.jsonl`. */
export function extractionFiles(features: string): ExtractionFiles {
  const stem = features.replace(/\.npy$/i, '');
  return {
    features,
    flipped: `${stem}-flip.npy`,
    points: `${stem}-points.txt`,
    about: `${stem}.json`,
    digests: `${stem}-images.jsonl`,
  };
}

/**
 * What lies beside the features, or undefined if they were made by something else.
 *
 * @throws {DatasetError} if it does not parse.
 */
export function readExtraction(features: string): ExtractionAbout | undefined {
  const { about } = extractionFiles(features);
  if (!existsSync(about) || !existsSync(features)) return undefined;
  const next = 'delete it, or extract again with --fresh';
  const value = readUncheckedJson(readText(about), about, { ...identityContract, next });
  return validateJson(aboutSchema, value).length === 0 ? (value as ExtractionAbout) : undefined;
}

/** Whether a file is what an extraction, also one of an earlier version, wrote down beside its features. */
export function isExtraction(about: string): boolean {
  if (!existsSync(about)) return false;
  try {
    const value = JSON.parse(readFileSync(about, 'utf8')) as Readonly<Record<string, unknown>>;
    return ['embedder', 'settings', 'images', 'facesNotFound'].every((key) => Object.hasOwn(value, key));
  } catch {
    return false;
  }
}

/** Whether finished features are those that `identity` would give of the same images. */
export function isSameExtraction(about: ExtractionAbout, identity: ExtractionIdentity): boolean {
  const {
    facesNotFound: _,
    imagesSha256: __,
    featuresSha256: ___,
    flippedSha256: ____,
    extracted: _____,
    otherMachines: ______,
    ...held
  } = about;
  return canonicalJson(held) === canonicalJson(identity);
}

const text: JsonSchema = { type: 'string' };
const count: JsonSchema = { type: 'integer', minimum: 0 };
const model = objectSchema({ id: text, sha256: text, cardSha256: text });

const identityProperties = {
  code: objectSchema({ version: text, sha256: text }),
  detector: model,
  landmarker: model,
  embedder: model,
  backend: objectSchema({ id: text, version: text }),
  runtimes: { type: 'object', additionalProperties: text },
  settings: { type: 'object', additionalProperties: settingSchema },
  images: objectSchema({ count, listSha256: text }),
} as const;
const always = ['code', 'embedder', 'backend', 'runtimes', 'settings', 'images'];

const identityContract: JsonContract = {
  schema: objectSchema(identityProperties, always),
  what: 'the identity of an extraction',
  next: 'run again with --fresh',
  ErrorClass: DatasetError,
};
const aboutProperties = {
  facesNotFound: count,
  imagesSha256: text,
  featuresSha256: text,
  flippedSha256: text,
  otherMachines: {
    type: 'array',
    items: objectSchema({ differs: { type: 'array', items: text }, images: count }),
  },
  extracted: objectSchema({ earliest: text, latest: text }),
} as const;
const aboutSchema = objectSchema({ ...identityProperties, ...aboutProperties }, [
  ...always,
  ...Object.keys(aboutProperties).filter((name) => name !== 'flippedSha256' && name !== 'otherMachines'),
]);

/**
 * The identity of an extraction under way.
 *
 * @throws {DatasetError} if the file holds none.
 */
export function readExtractionIdentity(file: string): ExtractionIdentity {
  return readJson(readText(file), file, identityContract);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new EnvironmentError(`${file}: cannot be read (${(cause as Error).message}); check its permissions`, {
      cause,
    });
  }
}
