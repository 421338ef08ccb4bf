import type { FieldReader } from './read-fields.js';

const newline = 0x0a;
const carriageReturn = 0x0d;

const utf8 = new TextDecoder();

/** Which of the two lines before the detections a file has; the layout asks for both. */
export type HeaderLines = 'name,count' | 'name' | 'count' | 'none';

/** All of them. */
export const headerLines: readonly HeaderLines[] = ['name,count', 'name', 'count', 'none'];

/**
 * Which header a file has, judged by whether there is a detection where a name or a count belongs.
 *
 * @param stem file name without `.txt`; a whole number on line 1 is the name only if the file is named so.
 * Cost: O(first two lines).
 */
export function recogniseHeader(bytes: Uint8Array, stem: string, reader: FieldReader): HeaderLines {
  const firstEnd = lineEnd(bytes, 0);
  if (reader.read(bytes, 0, firstEnd, 'consistent')) return 'none';
  const first = lineText(bytes, 0, firstEnd).trim();
  const isCount = /^\d{1,9}$/.test(first) && first !== stem;
  const second = Math.min(firstEnd + 1, bytes.length);
  const secondEnd = lineEnd(bytes, second);
  if (reader.read(bytes, second, secondEnd, 'consistent')) return isCount ? 'count' : 'name';
  return isCount && first === '0' && lineText(bytes, second, secondEnd).trim() === '' ? 'count' : 'name,count';
}

/** The end of the line that starts at `start`, its newline left out. */
export function lineEnd(bytes: Uint8Array, start: number): number {
  let end = start;
  while (end < bytes.length && bytes[end] !== newline) end++;
  return end;
}

/** `end` without a carriage return before it. */
export function trimReturn(bytes: Uint8Array, start: number, end: number): number {
  return end > start && bytes[end - 1] === carriageReturn ? end - 1 : end;
}

/** The text of a line, its first 4,096 bytes. */
export function lineText(bytes: Uint8Array, start: number, end: number): string {
  return utf8.decode(bytes.subarray(start, Math.min(trimReturn(bytes, start, end), start + 4096)));
}
