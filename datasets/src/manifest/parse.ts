import { DatasetError, readJson } from '@retinabench/core';
import type { Manifest } from './manifest.js';
import { manifestSchema } from './schema.js';

/** A manifest is a page of text; one longer than this is something else. */
const longestText = 1_000_000;

/**
 * Read a manifest.
 *
 * @param text  JSON.
 * @param place for the message.
 * @throws {DatasetError} if it is not JSON, not as the schema says, or a file has both or neither of a place and rules.
 */
export function parseManifest(text: string, place: string): Manifest {
  const next = 'see docs/add-a-data-set.md';
  if (text.length > longestText) throw new DatasetError(`${place}: too long for a manifest; ${next}`);
  const contract = { schema: manifestSchema, what: 'a manifest', next, ErrorClass: DatasetError };
  const manifest = readJson<Manifest>(text, place, contract);
  const names = new Set<string>();
  for (const { name, unpack, place: target } of manifest.files) {
    if (names.has(name)) throw new DatasetError(`${place}: files: ${name} is named twice; ${next}`);
    names.add(name);
    if ((unpack === undefined) === (target === undefined)) {
      throw new DatasetError(`${place}: files: ${name}: expected either unpack or place; ${next}`);
    }
  }
  return manifest;
}
