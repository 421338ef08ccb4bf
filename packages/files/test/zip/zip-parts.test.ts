import { DatasetError, seededRandom } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { fromBuffer } from 'yauzl';
import { ZipFile } from 'yazl';
import { zipParts } from '../../src/zip/zip-parts.js';

type Files = readonly (readonly [name: string, bytes: Buffer])[];

const zipped = (files: Files): Buffer => Buffer.concat([...zipParts(files)]);

/** The same archive by another library. */
async function zippedByYazl(files: Files): Promise<Buffer> {
  const zip = new ZipFile();
  const mtime = new Date(1980, 0, 1);
  for (const [name, bytes] of files) zip.addBuffer(bytes, name, { mtime, mode: 0o100644, forceDosTimestamp: true });
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function namesOf(archive: Buffer): Promise<string[]> {
  return new Promise((resolve, reject) => {
    fromBuffer(archive, (error, zip) => {
      if (error) return reject(error);
      const names: string[] = [];
      zip.on('entry', ({ fileName }) => names.push(fileName));
      zip.on('end', () => resolve(names));
      zip.on('error', reject);
    });
  });
}

describe('zipParts', () => {
  test('writes what yazl writes, byte for byte', async () => {
    const random = seededRandom(7);
    const files: Files = Array.from({ length: 300 }, (_, index) => [
      `${index % 3}--Müller/${index}.txt`,
      Buffer.from(Array.from({ length: Math.floor(2000 * random()) }, () => 48 + Math.floor(10 * random()))),
    ]);
    expect(zipped(files).equals(await zippedByYazl(files))).toBe(true);
    expect(zipped([]).equals(await zippedByYazl([]))).toBe(true);
  });

  test('holds more entries than 65,535, which another reader finds', async () => {
    const files: Files = Array.from({ length: 65_540 }, (_, index) => [`e/${index}`, Buffer.from('1\n')]);
    const names = await namesOf(zipped(files));
    expect(names).toEqual(files.map(([name]) => name));
  });

  test('refuses names that leave the folder in which they are unpacked', () => {
    for (const name of ['../a', 'a/../b', '/a', 'C:/a', 'a\\b', 'a//b', '', 'a/']) {
      expect(() => zipped([[name, Buffer.from('')]]), name).toThrow(DatasetError);
    }
  });
});
