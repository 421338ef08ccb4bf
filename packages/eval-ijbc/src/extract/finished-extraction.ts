import { existsSync } from 'node:fs';
import { readImageFile } from '@retinabench/backends';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import { DigestIndex, filesDigest, hashFile, readDigests, readStamp, type StampedFile } from '@retinabench/files';
import { type ExtractionAbout, extractionFiles } from './extraction.js';

/** Files whose stamps are asked for at a time, and that are read at a time where stamps differ. */
const atOnce = 64;

/**
 * Whether the images of finished features are still those that were extracted. Files whose stamps are the same are not
 * read; the others are, once.
 *
 * @param names of the images, in the order of `files`.
 * @throws {DatasetError} if an image that has to be read cannot be.
 * Cost: one `stat` an image, and one reading of each file whose stamp differs.
 */
export async function hasSameImages(
  features: string,
  about: ExtractionAbout,
  names: readonly string[],
  files: readonly string[],
): Promise<boolean> {
  const digestsFile = extractionFiles(features).digests;
  const known = readDigests(digestsFile);
  const read = new Map<string, Pick<StampedFile, 'sha256' | 'stamp'>>();
  const hashes: [name: string, sha256: string][] = [];
  for (let start = 0; start < names.length; start += atOnce) {
    const block = names.slice(start, start + atOnce).map(async (name, i): Promise<[string, string]> => {
      const entry = known.get(name);
      const file = files[start + i];
      if (entry?.stamp !== undefined && entry.stamp === (await readStamp(file))) return [name, entry.sha256];
      const { bytes: _, ...reading } = await readImageFile(file);
      read.set(name, reading);
      return [name, reading.sha256];
    });
    hashes.push(...(await Promise.all(block)));
  }
  if (filesDigest(hashes) !== about.imagesSha256) return false;
  if (read.size > 0 && existsSync(digestsFile)) keepStamps(digestsFile, read);
  return true;
}

/**
 * Assert that features are the ones that an extraction left, byte for byte: what lies beside them is believed of no others.
 *
 * @throws {DatasetError} if they were changed or replaced since.
 * Cost: one reading of the files.
 */
export async function assertOwnFeatures(features: string, about: ExtractionAbout): Promise<void> {
  const { about: aboutFile, flipped } = extractionFiles(features);
  const files: [string, string | undefined][] = [
    [features, about.featuresSha256],
    [flipped, existsSync(flipped) ? about.flippedSha256 : undefined],
  ];
  for (const [file, expected] of files) {
    if (expected === undefined) continue;
    const { sha256 } = await hashFile(file);
    if (sha256 !== expected) {
      throw new DatasetError(
        `${file}: expected the features of which ${aboutFile} tells (SHA-256 ${expected.slice(0, 12)}), got others (${sha256.slice(0, 12)}); they were changed since: extract again with --fresh or, if they are meant, move ${aboutFile} away`,
      );
    }
  }
}

/** So that the next time they are not read; where nothing may be written they are. */
function keepStamps(file: string, read: ReadonlyMap<string, Pick<StampedFile, 'sha256' | 'stamp'>>): void {
  try {
    const index = DigestIndex.open(file);
    for (const [name, reading] of read) index.keep(name, reading);
    index.close();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
  }
}
