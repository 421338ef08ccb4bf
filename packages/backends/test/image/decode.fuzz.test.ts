import { deflateSync } from 'node:zlib';
import { DatasetError, readImageHeader } from '@retinabench/core';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedBytes } from '../../../../tools/fuzz/mutated-bytes.js';
import { decodeImage } from '../../src/image/decode.js';

const noise = Buffer.from(Array.from({ length: 64 * 48 * 3 }, (_, at) => (at * 7919) % 256));
const picture = (): Sharp => sharp(noise, { raw: { width: 64, height: 48, channels: 3 } });
const files = await Promise.all([
  picture().jpeg().toBuffer(),
  picture().jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).withMetadata({ orientation: 6 }).toBuffer(),
  picture().greyscale().jpeg({ optimiseScans: true }).toBuffer(),
  picture().png().toBuffer(),
  picture().webp().toBuffer(),
]);
const place = 'x.jpg';

/** Decode, and hold the result to its own size. */
async function decode(file: Uint8Array | string): Promise<void> {
  const { widthPx, heightPx, data } = await decodeImage(file, place);
  expect(data.length).toBe(widthPx * heightPx * 3);
}

/** A PNG by the book whose header claims any size. */
function png(widthPx: number, heightPx: number, data: Uint8Array): Uint8Array {
  const chunk = (type: string, content: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(content.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(widthPx, 0);
  header.writeUInt32BE(heightPx, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(data)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}

describe('decodeImage under fuzzing', () => {
  test('gives pixels or DatasetError for mutated JPEG, PNG and WebP files', async () => {
    await fuzzParser({
      name: 'images, bytes',
      inputs: mutatedBytes(files),
      // A Buffer, since sharp asks a Uint8Array for its constructor, which stands aside while allocations are counted.
      parse: (bytes) => decode(Buffer.from(bytes)),
      errors: [DatasetError],
      place,
      seed: 501,
      runs: fuzzRuns(2000),
      // 50,000 pixels a byte at most, three bytes each; what libvips itself takes is not counted.
      allowedBytes: (bytes) => 2 ** 20 + 150_000 * bytes,
    });
  });

  test('gives DatasetError for any path at which no image lies, and never an error of the file system', async () => {
    const step = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '',
        'CON',
        'NUL.jpg',
        'a\0b.jpg',
        'C:',
        'x'.repeat(300),
        '\ud800',
        '日本.jpg',
        'a\nb',
        '-rf',
        '*.jpg',
      ),
      fc.string({ maxLength: 8 }),
    );
    const name = fc.tuple(
      fc.constantFrom('/nonexistent/', 'nonexistent/', '\\\\host\\share\\', 'file:///nonexistent/'),
      fc.array(step, { maxLength: 4 }),
    );
    for (const [start, steps] of fc.sample(name, { seed: 502, numRuns: 500 })) {
      await expect(decodeImage(start + steps.join('/'), place)).rejects.toThrow(DatasetError);
    }
  });

  test('refuses a file of 100 bytes that claims 196 megapixels, before any memory is asked for', async () => {
    for (const file of [
      png(14_000, 14_000, Buffer.alloc(20)),
      Buffer.from(
        '<svg xmlns="http://www.w3.org/2000/svg" width="14000" height="14000"><rect width="9" height="9"/></svg>',
      ),
    ]) {
      const before = process.memoryUsage.rss();
      await expect(decodeImage(file, place)).rejects.toThrow(/^x\.jpg: expected an image that decodes/);
      expect(process.memoryUsage.rss() - before).toBeLessThan(2 ** 24);
    }
    await expect(decodeImage(png(14_000, 14_000, Buffer.alloc(20)), place)).rejects.toThrow(
      /a header that claims 14000 x 14000 pixels in a file of \d+ bytes/,
    );
  });

  test('refuses a picture that is drawn, whatever its name', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    await expect(decodeImage(svg, place)).rejects.toThrow(/a file of the format svg/);
  });

  test('takes a black image of 16 megapixels, which packs best', async () => {
    const black = sharp({ create: { width: 4000, height: 4000, channels: 3, background: 'black' } });
    for (const file of [await black.clone().png().toBuffer(), await black.clone().jpeg({ quality: 1 }).toBuffer()]) {
      expect(await decodeImage(file, place)).toMatchObject({ widthPx: 4000, heightPx: 4000 });
    }
  });
});

describe('readImageHeader under fuzzing', () => {
  test('gives a size or nothing for any bytes, and the size that libvips reads for whole files', async () => {
    const inputs = fc.oneof(
      mutatedBytes(files),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.concat([Buffer.from([0xff, 0xd8]), bytes])),
    );
    await fuzzParser({
      name: 'image headers',
      inputs,
      parse: (bytes) => {
        const header = readImageHeader(bytes);
        if (header === undefined) throw new DatasetError(`${place}: none`);
        expect(Number.isInteger(header.widthPx) && Number.isInteger(header.heightPx)).toBe(true);
      },
      errors: [DatasetError],
      place,
      seed: 503,
      runs: fuzzRuns(),
    });
    for (const file of files.slice(0, 4)) expect(readImageHeader(file)).toMatchObject({ widthPx: 64, heightPx: 48 });
    expect(readImageHeader(files[4])).toBeUndefined();
  });
});
