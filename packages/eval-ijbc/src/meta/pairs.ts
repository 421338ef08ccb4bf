import { stat } from 'node:fs/promises';
import { DatasetError } from '@retinabench/core';
import { emptyLineError, quoteLine } from '../text/lines.js';
import { readWholeLines } from '../text/whole-lines.js';
import { maxId } from './id.js';

/** Pairs of templates to compare. */
export interface PairList {
  readonly count: number;
  /** Int32Array [count]: template ids as in the file. */
  readonly templateIds1: Int32Array;
  readonly templateIds2: Int32Array;
  /** Uint8Array [count]: 1 for a genuine pair, 0 for an impostor pair. */
  readonly labels: Uint8Array;
}

const space = 0x20;
const tab = 0x09;
const carriageReturn = 0x0d;
const newline = 0x0a;
const zero = 0x30;
/** A pair is at least `1 2 0` and a line ending. */
const minLineBytes = 6;

/**
 * Read `<prefix>_template_pair_label.txt`: per line two template ids and the label 0 or 1, separated by spaces; line
 * endings may be `\n` or `\r\n`.
 *
 * @param onBytes called now and then with the bytes read so far.
 * @throws {DatasetError} with file and line if a line is anything else, or if the file has no line.
 * Cost: one pass over the bytes without making strings; 9 bytes of memory a pair. 15,658,489 pairs take well under two
 * seconds.
 */
export async function readPairs(file: string, onBytes?: (bytes: number) => void): Promise<PairList> {
  const capacity = await pairCapacity(file);
  // Zeroed pages that nothing is written to cost no memory, so the upper bound is free.
  const templateIds1 = new Int32Array(capacity);
  const templateIds2 = new Int32Array(capacity);
  const labels = new Uint8Array(capacity);
  let count = 0;
  let emptyLine = 0;
  for await (const bytes of readWholeLines(file, onBytes)) {
    let i = 0;
    while (i < bytes.length) {
      const lineStart = i;
      let byte = bytes[i];
      while (byte === space || byte === tab) byte = bytes[++i];

      let first = 0;
      let digitsFrom = i;
      while (byte >= zero && byte <= zero + 9) {
        first = first * 10 + byte - zero;
        byte = bytes[++i];
      }
      let valid = i > digitsFrom && first <= maxId && (byte === space || byte === tab);
      while (byte === space || byte === tab) byte = bytes[++i];

      let second = 0;
      digitsFrom = i;
      while (byte >= zero && byte <= zero + 9) {
        second = second * 10 + byte - zero;
        byte = bytes[++i];
      }
      valid = valid && i > digitsFrom && second <= maxId && (byte === space || byte === tab);
      while (byte === space || byte === tab) byte = bytes[++i];

      const label = byte - zero;
      valid = valid && (label === 0 || label === 1);
      if (byte !== newline) byte = bytes[++i];
      while (byte === space || byte === tab || byte === carriageReturn) byte = bytes[++i];

      if (!valid || byte !== newline || emptyLine > 0) {
        i = bytes.indexOf(newline, lineStart);
        const text = new TextDecoder().decode(bytes.subarray(lineStart, i)).trim();
        if (text !== '') {
          if (emptyLine > 0) throw emptyLineError(file, emptyLine);
          throw pairError(file, count + 1, text);
        }
        if (emptyLine === 0) emptyLine = count + 1;
        i++;
        continue;
      }
      templateIds1[count] = first;
      templateIds2[count] = second;
      labels[count] = label;
      count++;
      i++;
    }
  }
  if (count === 0) throw new DatasetError(`${file}: expected at least one pair, got an empty file`);
  return {
    count,
    templateIds1: templateIds1.subarray(0, count),
    templateIds2: templateIds2.subarray(0, count),
    labels: labels.subarray(0, count),
  };
}

async function pairCapacity(file: string): Promise<number> {
  try {
    return Math.ceil((await stat(file)).size / minLineBytes) + 1;
  } catch (cause) {
    throw new DatasetError(`${file}: cannot be read (${(cause as Error).message}); check the path`, { cause });
  }
}

function pairError(file: string, line: number, text: string): DatasetError {
  const fields = text.split(/\s+/);
  const expected =
    fields.length === 3 && /^\d+$/.test(fields[0]) && /^\d+$/.test(fields[1])
      ? `the label 0 (impostor) or 1 (genuine) after two ids of at most ${maxId}`
      : 'two template ids and the label 0 or 1';
  return new DatasetError(
    `${file}:${line}: expected ${expected}, got ${quoteLine(text)}; fix the line or make the file again`,
  );
}
