import { existsSync, readFileSync } from 'node:fs';
import {
  canonicalJson,
  DatasetError,
  describeViolations,
  type JsonSchema,
  objectSchema,
  validateJson,
} from '@retinabench/core';
import { type ProtocolSettings, settingSchema } from '@retinabench/results';

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

const text: JsonSchema = { type: 'string' };
const count: JsonSchema = { type: 'integer', minimum: 0 };
const model = objectSchema({ id: text, sha256: text });

const identityProperties = {
  detector: model,
  landmarker: model,
  embedder: model,
  backend: objectSchema({ id: text, version: text }),
  settings: { type: 'object', additionalProperties: settingSchema },
  images: objectSchema({ count, sha256: text }),
} as const;
const always = ['embedder', 'backend', 'settings', 'images'];

const identitySchema = objectSchema(identityProperties, always);
const aboutSchema = objectSchema({ ...identityProperties, facesNotFound: count }, [...always, 'facesNotFound']);

/**
 * The identity of an extraction under way.
 *
 * @throws {DatasetError} if the file holds none.
 */
export function readExtractionIdentity(file: string): ExtractionIdentity {
  const held = parseJson(file, 'run again with --fresh');
  const violations = validateJson(identitySchema, held);
  if (violations.length === 0) return held as ExtractionIdentity;
  throw new DatasetError(
    `${file}: not the identity of an extraction: ${describeViolations(violations)}; run again with --fresh`,
  );
}

function parseJson(file: string, next: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new DatasetError(`${file}: does not parse (${(cause as Error).message}); ${next}`, { cause });
  }
}
