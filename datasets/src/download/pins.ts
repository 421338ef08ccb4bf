import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DatasetError, type JsonContract, objectSchema, readJson } from '@retinabench/core';
import { makeFolder, writeWhole } from '@retinabench/files';

/** What a file known by URL alone turned out to be when it first came. */
export interface Pin {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly url: string;
}

const contract: JsonContract = {
  schema: objectSchema({
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    sizeBytes: { type: 'integer', minimum: 0 },
    url: { type: 'string' },
  }),
  what: 'the pin of a file',
  next: 'delete it to pin the file anew',
  ErrorClass: DatasetError,
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
  return text === undefined ? undefined : readJson<Pin>(text, file, contract);
}

/** Remember a pin. */
export async function writePin(folder: string, name: string, pin: Pin): Promise<void> {
  await makeFolder(folder);
  await writeWhole(path.join(folder, `${name}.json`), `${JSON.stringify(pin)}\n`);
}
