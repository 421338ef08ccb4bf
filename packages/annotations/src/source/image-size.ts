import { closeSync, openSync, readSync } from 'node:fs';
import { readImageHeader } from '@retinabench/core/image-header';

/** Room for the bytes that hold the header of any photograph, reused: a folder has thousands. */
const head = new Uint8Array(256 * 1024);

/**
 * Width and height of a JPEG, PNG or WebP file as it is shown: the EXIF orientation is applied, as detectors and labelling tools
 * do.
 *
 * @returns undefined if the file cannot be read, or says no size in its first 256 kB.
 * Cost: one read; nothing is decoded.
 */
export function imageFileSize(file: string): readonly [widthPx: number, heightPx: number] | undefined {
  const bytes = firstBytes(file);
  return bytes === undefined ? undefined : imageSize(bytes);
}

/** As `imageFileSize`, from the bytes that a file begins with. */
export function imageSize(bytes: Uint8Array): readonly [widthPx: number, heightPx: number] | undefined {
  const header = readImageHeader(bytes);
  if (header === undefined) return webpSize(bytes);
  const { widthPx, heightPx } = header;
  if (widthPx === 0 || heightPx === 0) return undefined;
  return header.format === 'jpeg' && exifOrientation(bytes) >= 5 ? [heightPx, widthPx] : [widthPx, heightPx];
}

/**
 * The EXIF orientation of a JPEG, 1 to 8; 1 if it says none. From 5 on, width and height are exchanged.
 *
 * Source: Exif 2.32, 4.6.4, tag 0x0112, in the first directory of the APP1 segment.
 */
function exifOrientation(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = bytes[at + 1];
    if (marker === 0xda) return 1;
    if (marker !== 0xe1 || at + 20 > bytes.length || view.getUint32(at + 4) !== 0x45786966) continue;
    const tiff = at + 10;
    const little = view.getUint16(tiff) === 0x4949;
    const directory = tiff + view.getUint32(tiff + 4, little);
    if (directory + 2 > bytes.length) return 1;
    const count = view.getUint16(directory, little);
    for (let entry = directory + 2; entry + 12 <= Math.min(bytes.length, directory + 2 + 12 * count); entry += 12) {
      if (view.getUint16(entry, little) !== 0x0112) continue;
      const value = view.getUint16(entry + 8, little);
      return value >= 1 && value <= 8 ? value : 1;
    }
    return 1;
  }
  return 1;
}

/** Source: RFC 9649, WebP Container Specification: VP8X, VP8L and VP8 chunks. */
function webpSize(bytes: Uint8Array): readonly [number, number] | undefined {
  const text = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 30 || text(0) !== 'RIFF' || text(8) !== 'WEBP') return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const three = (at: number): number => bytes[at] + 256 * bytes[at + 1] + 65_536 * bytes[at + 2];
  switch (text(12)) {
    case 'VP8X':
      return [three(24) + 1, three(27) + 1];
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
    }
    case 'VP8 ':
      return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
    default:
      return undefined;
  }
}

/** Valid until the next call. */
function firstBytes(file: string): Uint8Array | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    return head.subarray(0, readSync(descriptor, head, 0, head.length, 0));
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
