import { expect, test } from 'vitest';
import { imageSize } from '../../src/source/image-size.js';

/** A JPEG as far as its frame header: 300 wide, 200 high, with an EXIF orientation before it. */
function jpeg(orientation: number, little: boolean): Uint8Array {
  const short = (value: number): number[] => (little ? [value & 255, value >> 8] : [value >> 8, value & 255]);
  const long = (value: number): number[] => (little ? [...short(value), 0, 0] : [0, 0, ...short(value)]);
  const tiff = [
    ...(little ? [0x49, 0x49] : [0x4d, 0x4d]),
    ...short(42),
    ...long(8),
    ...short(2),
    // Two entries: the make of the camera (ASCII), then the orientation (SHORT).
    ...[...short(0x010f), ...short(2), ...long(1), 0, 0, 0, 0],
    ...[...short(0x0112), ...short(3), ...long(1), ...short(orientation), 0, 0],
    ...long(0),
  ];
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff];
  const frame = [0xff, 0xc0, 0, 11, 8, 0, 200, 1, 44, 1, 1, 0x11, 0];
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, 0, exif.length + 2, ...exif, ...frame]);
}

test.each([1, 2, 3, 4])('the EXIF orientation %i leaves width and height', (orientation) => {
  for (const little of [true, false]) expect(imageSize(jpeg(orientation, little))).toEqual([300, 200]);
});

test.each([5, 6, 7, 8])('the EXIF orientation %i exchanges width and height', (orientation) => {
  for (const little of [true, false]) expect(imageSize(jpeg(orientation, little))).toEqual([200, 300]);
});

test('an orientation that there is not is none', () => {
  expect(imageSize(jpeg(9, true))).toEqual([300, 200]);
});

/** A WebP of one chunk, as its container has it (RFC 9649). */
function webp(chunk: string, content: readonly number[]): Uint8Array {
  const text = (word: string): number[] => [...word].map((letter) => letter.charCodeAt(0));
  const bytes = [...text('RIFF'), 0, 0, 0, 0, ...text('WEBP'), ...text(chunk), content.length, 0, 0, 0, ...content];
  return Uint8Array.from([...bytes, ...Array(32).fill(0)]);
}

test('WebP: extended, lossless and lossy headers', () => {
  // Width and height less one in 24 bits each.
  expect(imageSize(webp('VP8X', [0, 0, 0, 0, 43, 1, 0, 199, 0, 0]))).toEqual([300, 200]);
  // 14 bits each, less one, behind the signature 0x2f: 299 + 199 * 2^14 = 3260715 = 0x31c12b.
  expect(imageSize(webp('VP8L', [0x2f, 0x2b, 0xc1, 0x31, 0]))).toEqual([300, 200]);
  // Frame tag of three bytes, start code of three, then 14 bits each.
  expect(imageSize(webp('VP8 ', [0, 0, 0, 0x9d, 1, 0x2a, 44, 1, 200, 0]))).toEqual([300, 200]);
});

test('anything else has no size', () => {
  for (const bytes of [[], [0xff, 0xd8], [1, 2, 3]]) expect(imageSize(Uint8Array.from(bytes))).toBeUndefined();
});
