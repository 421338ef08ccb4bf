import { DatasetError } from '@retinabench/core';
import type { PredictionsBuilder } from './builder.js';
import type { FindingLog } from './finding.js';
import { parseNumber } from './parse-number.js';

const space = 0x20;
const tab = 0x09;
const comma = 0x2c;
const newline = 0x0a;
const carriageReturn = 0x0d;

/** How prediction files are read; the rule sets differ in it. */
export interface ReadingRules {
  /**
   * `ignored`: every line counts, fields are separated by single spaces, a line that starts with one is skipped, and
   * line 1 names the image. `binding`: exactly that many lines count, or none if one of them is missing or unreadable,
   * fields are separated by any white space or commas, and the file names the image.
   */
  readonly countLine: 'ignored' | 'binding';
}

/** One prediction file. */
export interface PredictionFile {
  readonly bytes: Uint8Array;
  /** Its name, for messages. */
  readonly place: string;
  /** Folder that it lies in. */
  readonly event: string;
  /** File name without `.txt`. */
  readonly stem: string;
}

/**
 * Parse a prediction file: the image's name, the number of detections, then `x y w h score` a line; further fields are
 * ignored.
 *
 * @param builder receives the image and its detections.
 * @param log     receives what is odd and not fatal.
 * @throws {DatasetError} with file and line, if there is no first line or, where the count is ignored, a line is not
 * five numbers.
 * Cost: O(bytes), allocates nothing for a well-formed file.
 */
export function parsePredictionFile(
  file: PredictionFile,
  rules: ReadingRules,
  builder: PredictionsBuilder,
  log: FindingLog,
): void {
  const { bytes, place, event, stem } = file;
  const nameEnd = lineEnd(bytes, 0);
  const firstLine = lineText(bytes, 0, nameEnd);
  const named = firstLine.slice(firstLine.lastIndexOf('/') + 1).replace(/\.jpg$/, '');
  if (rules.countLine === 'ignored' && named.trim() === '') {
    throw new DatasetError(
      `${place}:1: expected the name of the image, got ${bytes.length === 0 ? 'an empty file' : 'a blank line'}; write the name, the count, then a line "x y w h score" per detection`,
    );
  }
  if (named !== stem) log.note('name', place, 1, () => `the first line names ${JSON.stringify(named.slice(0, 80))}`);
  const countStart = nameEnd + 1;
  const countEnd = countStart > bytes.length ? bytes.length : lineEnd(bytes, countStart);
  const count = readCount(bytes, Math.min(countStart, bytes.length), countEnd);
  if (rules.countLine === 'ignored') {
    const lines = parseAllLines(file, countEnd + 1, builder, log);
    if (lines !== count) {
      log.note('count', place, 2, () => `the count is ${describeCount(count)}, and ${lines} detections follow`);
    }
    builder.closeImage(`${event}/${named}`);
    return;
  }
  parseCountedLines(file, countEnd + 1, count, builder, log);
  builder.closeImage(`${event}/${stem}`);
}

const fields = new Float64Array(5);

/** Every line is a detection, as the Python reader has it. */
function parseAllLines(file: PredictionFile, from: number, builder: PredictionsBuilder, log: FindingLog): number {
  const { bytes, place } = file;
  const before = builder.count;
  for (let start = from, line = 3; start < bytes.length; line++) {
    const end = lineEnd(bytes, start);
    const textEnd = trimReturn(bytes, start, end);
    if (textEnd > start && bytes[start] !== space) {
      if (!readSpaced(bytes, start, textEnd)) {
        throw new DatasetError(
          `${place}:${line}: expected "x y w h score" separated by single spaces, got ${JSON.stringify(lineText(bytes, start, end).slice(0, 80))}; correct the line`,
        );
      }
      addFields(file, line, builder, log);
    } else if (!isBlank(bytes, start, textEnd)) {
      log.note(
        'skipped-line',
        place,
        line,
        () => `starts with a space: ${JSON.stringify(lineText(bytes, start, end).slice(0, 80))}`,
      );
    }
    start = end + 1;
  }
  return builder.count - before;
}

/** Exactly `count` lines, or none at all, as the MATLAB tool has it. */
function parseCountedLines(
  file: PredictionFile,
  from: number,
  count: number,
  builder: PredictionsBuilder,
  log: FindingLog,
): void {
  const { bytes, place } = file;
  if (!(count >= 0)) {
    log.note('emptied', place, 2, () => 'the count is no whole number');
    return;
  }
  let start = from;
  let line = 3;
  for (; line < 3 + count; line++) {
    const end = start < bytes.length ? lineEnd(bytes, start) : start;
    if (start >= bytes.length || !readSeparated(bytes, start, end)) {
      const at = line;
      log.note(
        'emptied',
        place,
        at,
        () => `${count} detections are announced and number ${at - 2} is missing or unreadable`,
      );
      builder.clearImage();
      return;
    }
    addFields(file, line, builder, log);
    start = end + 1;
  }
  if (!isBlank(bytes, Math.min(start, bytes.length), bytes.length)) {
    log.note('count', place, line, () => `${count} detections are announced and more follow, which do not count`);
  }
}

function addFields(file: PredictionFile, line: number, builder: PredictionsBuilder, log: FindingLog): void {
  const [x, y, w, h, score] = fields;
  if (!Number.isFinite(x + y + w + h + score)) {
    log.note('not-finite', file.place, line, () => `x y w h score is ${fields.join(' ')}`);
  }
  builder.add(x, y, w, h, score);
}

/** Read five fields between single spaces into `fields`. */
function readSpaced(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  for (let field = 0; field < 5; field++) {
    let fieldEnd = at;
    while (fieldEnd < end && bytes[fieldEnd] !== space) fieldEnd++;
    if (!parseNumber(bytes, at, fieldEnd, fields, field)) return false;
    at = fieldEnd + 1;
  }
  return true;
}

/** Read five fields between any white space or commas into `fields`. */
function readSeparated(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  for (let field = 0; field < 5; field++) {
    while (at < end && isSeparator(bytes[at])) at++;
    let fieldEnd = at;
    while (fieldEnd < end && !isSeparator(bytes[fieldEnd])) fieldEnd++;
    if (!parseNumber(bytes, at, fieldEnd, fields, field)) return false;
    at = fieldEnd;
  }
  return true;
}

function isSeparator(byte: number): boolean {
  return byte === space || byte === tab || byte === comma || byte === carriageReturn;
}

function readCount(bytes: Uint8Array, start: number, end: number): number {
  const text = lineText(bytes, start, end).trim();
  return /^\d{1,9}(\.0*)?$/.test(text) ? Number(text) : Number.NaN;
}

function describeCount(count: number): string {
  return Number.isNaN(count) ? 'no whole number' : String(count);
}

function lineEnd(bytes: Uint8Array, start: number): number {
  const end = bytes.indexOf(newline, start);
  return end < 0 ? bytes.length : end;
}

function trimReturn(bytes: Uint8Array, start: number, end: number): number {
  return end > start && bytes[end - 1] === carriageReturn ? end - 1 : end;
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (bytes[at] !== newline && !isSeparator(bytes[at])) return false;
  }
  return true;
}

function lineText(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder().decode(bytes.subarray(start, Math.min(trimReturn(bytes, start, end), start + 4096)));
}
