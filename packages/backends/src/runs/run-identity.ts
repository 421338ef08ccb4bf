import {
  DatasetError,
  type JsonContract,
  type JsonSchema,
  objectSchema,
  objectSchemaWithOptional,
  readJson,
} from '@retinabench/core';
import { type ProtocolSettings, settingSchema } from '@retinabench/results';

/**
 * All that determines the detections of an image but the image itself, whose hash lies beside each of its detections. A
 * run holds those of one identity only.
 */
export interface RunIdentity {
  /** The code that detects: `detectionBuild`. */
  readonly code: { readonly version: string; readonly sha256: string };
  /** Of the model's files, and of its whole card as canonical JSON. */
  readonly model: { readonly id: string; readonly sha256: string; readonly cardSha256: string };
  readonly backend: { readonly id: string; readonly version: string };
  /** What others wrote and that takes part, by name: `runtimeVersions`. */
  readonly runtimes: Readonly<Record<string, string>>;
  /** Detection settings and box rounding. */
  readonly settings: ProtocolSettings;
  /** Which images, by name: a digest of their names. */
  readonly dataset: { readonly name: string; readonly namesSha256: string };
  /** The five points of each face are kept beside its box; absent: boxes alone. */
  readonly landmarks?: true;
  /** All points of each face are the 68 of 300-W on the mesh of its dense head. */
  readonly meshPoints?: true;
  /** What the dense head gives is kept of faces that score at least this; absent: of none. */
  readonly dense?: { readonly leastScore: number };
}

const text = { type: 'string' } as const satisfies JsonSchema;

/** The JSON Schema of a run's identity. */
export const identitySchema = objectSchemaWithOptional(
  {
    code: objectSchema({ version: text, sha256: text }),
    model: objectSchema({ id: text, sha256: text, cardSha256: text }),
    backend: objectSchema({ id: text, version: text }),
    runtimes: { type: 'object', additionalProperties: text },
    settings: { type: 'object', additionalProperties: settingSchema },
    dataset: objectSchema({ name: text, namesSha256: text }),
    landmarks: { const: true },
    meshPoints: { const: true },
    dense: objectSchema({ leastScore: { type: 'number' } }),
  },
  ['landmarks', 'meshPoints', 'dense'],
);

const contract: JsonContract = {
  schema: identitySchema,
  what: 'the identity of a run',
  next: 'run again with --fresh',
  ErrorClass: DatasetError,
};

/**
 * Read the identity of a run from JSON text.
 *
 * @param place the file's name, for messages.
 * @throws {DatasetError} if the text is not JSON or not an identity.
 */
export function parseRunIdentity(json: string, place: string): RunIdentity {
  return readJson(json, place, contract);
}
