import { closeSync, openSync, readSync } from 'node:fs';

/** Frame headers: SOF0 to SOF15 without DHT, JPG and DAC, which lie between them. */
const isFrameHeader = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/**
 * Width and height of a JPEG file from its header, as stored (EXIF rotation is not applied).
 *
 * @returns undefined if the file cannot be read or has no frame header in its first 256 kB.
 * Cost: one read; nothing is decoded.
 * Source: ITU-T T.81, B.1.1 and B.2.2.
 */
export function jpegSize(file: string): { readonly widthPx: number; readonly heightPx: number } | undefined {
  const bytes = firstBytes(file);
  if (bytes === undefined || bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 9 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    if (isFrameHeader(bytes[at + 1])) {
      return { heightPx: bytes.readUInt16BE(at + 5), widthPx: bytes.readUInt16BE(at + 7) };
    }
    // A fill byte stands alone; any other segment states its length.
    at += bytes[at + 1] === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

function firstBytes(file: string): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const buffer = Buffer.allocUnsafe(256 * 1024);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, 0));
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
