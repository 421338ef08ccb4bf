import { DatasetError, describeViolations, type JsonSchema, objectSchema, validateJson } from '@retinabench/core';
import { type ProtocolSettings, settingSchema } from '@retinabench/results';

/**
 * All that determines the detections of an image but the image itself, whose hash lies beside each of its detections. A
 * run folder holds those of one identity only.
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
  /** Which images, by name: `imageNamesDigest`. */
  readonly dataset: { readonly name: string; readonly namesSha256: string };
}

const text: JsonSchema = { type: 'string' };

const schema = objectSchema({
  code: objectSchema({ version: text, sha256: text }),
  model: objectSchema({ id: text, sha256: text, cardSha256: text }),
  backend: objectSchema({ id: text, version: text }),
  runtimes: { type: 'object', additionalProperties: text },
  settings: { type: 'object', additionalProperties: settingSchema },
  dataset: objectSchema({ name: text, namesSha256: text }),
});

/**
 * Read the identity of a run from JSON text.
 *
 * @param place the file's name, for messages.
 * @throws {DatasetError} if the text is not JSON or not an identity.
 */
export function parseRunIdentity(json: string, place: string): RunIdentity {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new DatasetError(`${place}: does not parse (${(cause as Error).message}); run again with --fresh`, { cause });
  }
  const violations = validateJson(schema, value);
  if (violations.length === 0) return value as RunIdentity;
  throw new DatasetError(
    `${place}: not the identity of a run: ${describeViolations(violations)}; run again with --fresh`,
  );
}
