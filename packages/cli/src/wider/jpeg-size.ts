import { closeSync, openSync, readSync } from 'node:fs';
import { readImageHeader } from '@retinabench/core';

/**
 * Width and height of a JPEG or PNG file from its header, as stored (EXIF rotation is not applied).
 *
 * @returns undefined if the file cannot be read or has no frame header in its first 256 kB.
 * Cost: one read; nothing is decoded.
 */
export function jpegSize(file: string): { readonly widthPx: number; readonly heightPx: number } | undefined {
  const bytes = firstBytes(file);
  return bytes === undefined ? undefined : readImageHeader(bytes);
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
