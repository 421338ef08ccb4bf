import { DatasetError, parseNumber } from '@retinabench/core';
import type { ReadingContext } from '../reading/reading.js';
import { textFiles } from '../recognise/text-files.js';
import type { Predictions } from '../set/predictions.js';
import { PredictionsBuilder } from '../set/predictions-builder.js';
import { assertNotCut } from '../source/assert-not-cut.js';
import { type ByteSource, readBytes } from '../source/open-source.js';
import { type BlockForm, visitBlocks } from './visit-blocks.js';

/** Most numbers of a line. */
const mostFields = 1024;

const listForm: BlockForm = { rows: 'detections', nameForm: 'the path of an image', isName: () => true };

/**
 * Read predictions in the layout of WIDER FACE submissions: a text file per image, in any folders, with the name of the image,
 * the number of detections and a line `x y w h score` each. Either of the first two lines may be missing. The path of the file
 * is the name of the image. Ten more numbers are five points.
 *
 * @throws {DatasetError} with file and line, if a line is malformed or the number is another than that of the lines.
 * Cost: O(bytes); holds one file at a time.
 */
export function readWiderPredictions(folder: string, context: ReadingContext): Predictions {
  const files = textFiles(folder);
  if (files.length === 0) {
    throw new DatasetError(`${folder}: expected prediction files (.txt), got none; choose the folder that holds them`);
  }
  const builder = new PredictionsBuilder({
    negativeSizes: context.negativeSizes ?? 'refuse',
    keepFlag: `${context.flag('negativeSizes')} keep`,
  });
  const fields = new Float64Array(mostFields);
  let widest = 0;
  files.forEach(({ name, file }, index) => {
    const image = builder.newImage(name.replace(/\.txt$/i, ''), file);
    widest = readFile(readBytes(file), file, image, builder, fields, widest);
    context.onRead?.(index + 1, files.length);
  });
  return builder.build();
}

/**
 * Read predictions of all images in one text, as FDDB's tools write them: the path of an image, the number of its detections,
 * then a line `x y w h score` each.
 *
 * @param text of the file, or the file. @param place its name, for messages.
 * @throws {DatasetError} with the line, if a name, number or detection is malformed.
 * Cost: O(text).
 */
export function readWiderList(text: string | ByteSource, place: string, context: ReadingContext): Predictions {
  const builder = new PredictionsBuilder({
    negativeSizes: context.negativeSizes ?? 'refuse',
    keepFlag: `${context.flag('negativeSizes')} keep`,
  });
  let image = -1;
  visitBlocks(text, place, listForm, {
    image: (name, where) => {
      image = builder.newImage(name.replace(/^#\s*/, ''), where);
    },
    row: (numbers, row, where) => {
      if ((numbers.length !== 5 && numbers.length !== 15) || !numbers.every(Number.isFinite)) {
        throw new DatasetError(
          `${where}: expected "x y w h score", and five points or none, got ${numbers.length} fields, ${JSON.stringify(row.slice(0, 80))}; correct the line, or the count above it`,
        );
      }
      const [x, y, w, h, score] = numbers;
      builder.add(image, x, y, w, h, score, () => where);
      if (numbers.length === 15) builder.landmarks.add(builder.count - 1, numbers.slice(5), undefined, where);
    },
  });
  return builder.build();
}

/** @param widest the most fields that a line had before; returns it after this file. */
function readFile(
  bytes: Uint8Array,
  place: string,
  image: number,
  builder: PredictionsBuilder,
  fields: Float64Array,
  widest: number,
): number {
  let most = widest;
  let line = 0;
  let detections = 0;
  let announced = -1;
  let countLine = 0;
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    line++;
    const count = readFields(bytes, start, end, fields);
    if (count === 5 || count === 15) {
      const where = `${place}:${line}`;
      assertNotCut(newline >= 0, count, most, where);
      most = Math.max(most, count);
      const [x, y, w, h, score] = fields;
      builder.add(image, x, y, w, h, score, () => where);
      if (count === 15) builder.landmarks.add(builder.count - 1, fields.slice(5, 15), undefined, where);
      detections++;
    } else if (count === 1 && detections === 0 && line <= 2 && Number.isInteger(fields[0]) && fields[0] >= 0) {
      // A number in line 1 is a name if the count follows it.
      announced = fields[0];
      countLine = line;
    } else if (count !== 0 && !(line === 1 && (count <= 1 || isNameOf(bytes.subarray(start, end), place)))) {
      const text = new TextDecoder().decode(bytes.subarray(start, Math.min(end, start + 80))).trimEnd();
      throw new DatasetError(
        `${place}:${line}: expected "x y w h score", and five points or none, got ${JSON.stringify(text)}; correct the line`,
      );
    }
    start = end + 1;
  }
  if (announced >= 0 && announced !== detections) {
    throw new DatasetError(
      `${place}:${countLine}: expected ${announced} detections as the count says, got ${detections} lines; is the file whole? Correct the count`,
    );
  }
  return most;
}

/** Whether the first line of a file is the name that the file has. */
function isNameOf(line: Uint8Array, place: string): boolean {
  const stem = place.slice(place.lastIndexOf('/') + 1).replace(/\.txt$/i, '');
  return new TextDecoder().decode(line).trim() === stem.trim();
}

/** The number of fields of a line, 0 if it is blank, -1 if one is not a number. */
function readFields(bytes: Uint8Array, start: number, end: number, fields: Float64Array): number {
  let count = 0;
  for (let at = start; ; ) {
    while (at < end && isSeparator(bytes[at])) at++;
    if (at >= end) return count;
    let fieldEnd = at;
    while (fieldEnd < end && !isSeparator(bytes[fieldEnd])) fieldEnd++;
    if (count === fields.length || !parseNumber(bytes, at, fieldEnd, fields, count)) return -1;
    count++;
    at = fieldEnd;
  }
}

function isSeparator(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}
