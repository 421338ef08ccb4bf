import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DatasetError, describeViolations, type JsonSchema, validateJson } from '@retinabench/core';
import { makeFolder, writeWhole } from '@retinabench/files';

/** What a file known by URL alone turned out to be when it first came. */
export interface Pin {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly url: string;
}

const schema: JsonSchema = {
  type: 'object',
  required: ['sha256', 'sizeBytes', 'url'],
  additionalProperties: false,
  properties: {
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    sizeBytes: { type: 'integer', minimum: 0 },
    url: { type: 'string' },
  },
};

/**
 * The pin of a file, one JSON file each.
 *
 * @returns undefined if the file has not been seen yet.
 * @throws {DatasetError} if the pin is not as its schema says.
 */
export async function readPin(folder: string, name: string): Promise<Pin | undefined> {
  const file = path.join(folder, `${name}.json`);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const value = parse(text);
  const violations = validateJson(schema, value);
  if (violations.length > 0) {
    throw new DatasetError(`${file}: ${describeViolations(violations)}; delete it to pin the file anew`);
  }
  return value as Pin;
}

/** Remember a pin. */
export async function writePin(folder: string, name: string, pin: Pin): Promise<void> {
  await makeFolder(folder);
  await writeWhole(path.join(folder, `${name}.json`), `${JSON.stringify(pin)}\n`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
