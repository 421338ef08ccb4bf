import { DatasetError, refuseLfsPointer } from '@retinabench/core/basics';
import type { PredictionsBuilder } from './builder.js';
import type { FindingLog } from './finding.js';
import { type HeaderLines, lineEnd, lineText, recogniseHeader, trimReturn } from './header.js';
import { type FieldColumns, FieldReader, isSeparator } from './read-fields.js';

const space = 0x20;
const newline = 0x0a;

/** How prediction files are read; the rule sets differ in it. */
export interface ReadingRules {
  /**
   * `ignored`: every line counts, fields are separated by white space or all of them by commas, a line that starts with
   * a space is skipped, and line 1 names the image. `binding`: exactly that many lines count, or none if one of them is
   * missing or unreadable, fields are separated by any white space or commas, and the file names the image.
   */
  readonly countLine: 'ignored' | 'binding';
  /** The lines before the detections; absent: both, and a file that lacks one is read without it and noted. */
  readonly header?: HeaderLines;
  /** Where box and score stand in a line; absent: the first five fields. */
  readonly columns?: FieldColumns;
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

/** A file on its way through the parser. */
interface Parsing {
  readonly file: PredictionFile;
  readonly reader: FieldReader;
  readonly builder: PredictionsBuilder;
  readonly log: FindingLog;
}

const layoutReader = new FieldReader();

/**
 * Parse a prediction file: the image's name, the number of detections, then `x y w h score` a line; further fields are
 * ignored. A byte order mark is no part of the name. Names are brought to Unicode's composed form (NFC), since file
 * systems differ in it.
 *
 * @param builder receives the image and its detections.
 * @param log     receives what is odd and not fatal.
 * @throws {DatasetError} with file and line, if the file is a Git LFS pointer, there is no first line or, where the
 * count is ignored, a line is not five numbers.
 * Cost: O(bytes), allocates nothing for a well-formed file.
 */
export function parsePredictionFile(
  file: PredictionFile,
  rules: ReadingRules,
  builder: PredictionsBuilder,
  log: FindingLog,
): void {
  const { place, event } = file;
  const bytes = withoutMark(refuseLfsPointer(file.bytes, place), place);
  const stem = file.stem.normalize('NFC');
  const reader = rules.columns === undefined ? layoutReader : new FieldReader(rules.columns);
  const parsing: Parsing = { file: { ...file, bytes }, reader, builder, log };
  const header = rules.header ?? recogniseHeader(bytes, stem, reader);
  if (rules.header === undefined && header !== 'name,count') {
    log.note(missingHeader[header], place, 1, () => `starts with ${JSON.stringify(firstLineOf(bytes).slice(0, 80))}`);
  }
  let start = 0;
  let line = 1;
  let image = stem;
  if (header.startsWith('name')) {
    const named = nameOn(firstLineOf(bytes));
    if (rules.countLine === 'ignored') image = named;
    if (rules.countLine === 'ignored' && named.trim() === '') throw noName(bytes, place);
    if (named !== stem) log.note('name', place, 1, () => `the first line names ${JSON.stringify(named.slice(0, 80))}`);
    start = lineEnd(bytes, 0) + 1;
    line++;
  } else if (bytes.length === 0 && rules.header === undefined && rules.countLine === 'ignored') {
    throw noName(bytes, place);
  }
  if (header.endsWith('count')) {
    const end = start >= bytes.length ? bytes.length : lineEnd(bytes, start);
    const count = readCount(bytes, Math.min(start, bytes.length), end);
    if (rules.countLine === 'ignored') parseAnnounced(parsing, end + 1, line, count);
    else parseCountedLines(parsing, end + 1, line + 1, count);
  } else {
    parseAllLines(parsing, start, line);
  }
  builder.closeImage(`${event.normalize('NFC')}/${image}`, place);
}

const missingHeader = { none: 'no-header', name: 'no-count', count: 'no-name' } as const;

function firstLineOf(bytes: Uint8Array): string {
  return lineText(bytes, 0, lineEnd(bytes, 0));
}

/** The image that line 1 names: the last part of a path, `.jpg` removed. */
function nameOn(firstLine: string): string {
  return firstLine
    .slice(firstLine.lastIndexOf('/') + 1)
    .replace(/\.jpg$/, '')
    .normalize('NFC');
}

function noName(bytes: Uint8Array, place: string): DatasetError {
  return new DatasetError(
    `${place}:1: expected the name of the image, got ${bytes.length === 0 ? 'an empty file' : 'a blank line'}; write the name, the count, then a line "x y w h score" per detection, or pass --header none for files of detections alone`,
  );
}

/** The bytes behind a UTF-8 byte order mark. */
function withoutMark(bytes: Uint8Array, place: string): Uint8Array {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.subarray(3);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new DatasetError(`${place}:1: expected UTF-8 text, got UTF-16; save it as UTF-8`);
  }
  return bytes;
}

/** Every line is a detection; the count on line `line` only tells whether the file is whole. */
function parseAnnounced(parsing: Parsing, from: number, line: number, count: number): void {
  const { file, log } = parsing;
  const lines = parseAllLines(parsing, from, line + 1);
  if (lines === count) return;
  const cut = lines < count && file.bytes.at(-1) !== newline;
  log.note(
    cut ? 'truncated' : 'count',
    file.place,
    line,
    () => `the count is ${Number.isNaN(count) ? 'no whole number' : count}, and ${lines} detections follow`,
  );
}

/** Every line is a detection, as the Python reader has it; returns their number. */
function parseAllLines({ file, reader, builder, log }: Parsing, from: number, firstLine: number): number {
  const { bytes, place } = file;
  const before = builder.count;
  for (let start = from, line = firstLine; start < bytes.length; line++) {
    const plainEnd = reader.readPlain(bytes, start);
    if (plainEnd >= 0) {
      addFields(file, line, reader, builder, log);
      start = plainEnd + 1;
      continue;
    }
    const end = lineEnd(bytes, start);
    const textEnd = trimReturn(bytes, start, end);
    if (textEnd > start && bytes[start] !== space) {
      if (reader.read(bytes, start, textEnd, 'consistent')) {
        addFields(file, line, reader, builder, log);
      } else if (!isBlank(bytes, start, textEnd)) {
        const cut = end === bytes.length ? '; the file ends in this line and may be truncated' : '';
        throw new DatasetError(
          `${place}:${line}: expected "x y w h score" separated by spaces, got ${JSON.stringify(lineText(bytes, start, end).slice(0, 80))}; correct the line, or name the fields of box and score with --columns${cut}`,
        );
      }
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
function parseCountedLines(parsing: Parsing, from: number, firstLine: number, count: number): void {
  const { file, reader, builder, log } = parsing;
  const { bytes, place } = file;
  if (!(count >= 0)) {
    log.note('emptied', place, firstLine - 1, () => 'the count is no whole number');
    return;
  }
  let start = from;
  let line = firstLine;
  for (; line < firstLine + count; line++) {
    const plainEnd = start < bytes.length ? reader.readPlain(bytes, start) : -1;
    if (plainEnd >= 0) {
      addFields(file, line, reader, builder, log);
      start = plainEnd + 1;
      continue;
    }
    const end = start < bytes.length ? lineEnd(bytes, start) : start;
    if (start >= bytes.length || !reader.read(bytes, start, end, 'any')) {
      const at = line;
      log.note(
        'emptied',
        place,
        at,
        () => `${count} detections are announced and number ${at - firstLine + 1} is missing or unreadable`,
      );
      builder.clearImage();
      return;
    }
    addFields(file, line, reader, builder, log);
    start = end + 1;
  }
  if (!isBlank(bytes, Math.min(start, bytes.length), bytes.length)) {
    log.note('count', place, line, () => `${count} detections are announced and more follow, which do not count`);
  }
}

function addFields(
  file: PredictionFile,
  line: number,
  { fields }: FieldReader,
  builder: PredictionsBuilder,
  log: FindingLog,
): void {
  if (!Number.isFinite(fields[0] + fields[1] + fields[2] + fields[3] + fields[4])) {
    log.note('not-finite', file.place, line, () => `x y w h score is ${fields.join(' ')}`);
  }
  builder.add(fields[0], fields[1], fields[2], fields[3], fields[4]);
}

function readCount(bytes: Uint8Array, start: number, end: number): number {
  const text = lineText(bytes, start, end).trim();
  return /^\d{1,9}(\.0*)?$/.test(text) ? Number(text) : Number.NaN;
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (bytes[at] !== newline && !isSeparator(bytes[at])) return false;
  }
  return true;
}
