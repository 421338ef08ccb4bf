import { DatasetError, parseUniqueJson } from '@retinabench/core';
import { type Fields, fieldsOf, type JsonObject } from '../coco/field.js';
import type { BoxForm, ReadingContext } from '../reading/reading.js';
import type { Predictions } from '../set/predictions.js';
import { PredictionsBuilder } from '../set/predictions-builder.js';
import { type ByteSource, openSource } from '../source/open-source.js';
import { readLines } from '../source/read-lines.js';
import { AgreedPoints } from './agreed-points.js';

/** Names of the member that is the image. */
const imageMembers = ['image', 'file_name', 'filename', 'file', 'path', 'image_path'] as const;

/** Members that are the box, and what its numbers are. */
const boxMembers: readonly (readonly [name: string, form: BoxForm])[] = [
  ['box', 'xywh'],
  ['bbox', 'xywh'],
  ['boxXywh', 'xywh'],
  ['xywh', 'xywh'],
  ['boxXyxy', 'xyxy'],
  ['bbox_xyxy', 'xyxy'],
  ['xyxy', 'xyxy'],
];

/**
 * Read predictions in JSON lines. A line is an image, `{ "image", "detections": [...] }` (or `faces`, as `retinabench detect` writes it), or a detection, `{ "image", "box": [x,
 * y, w, h], "score" }`, optionally with `landmarks`, a list of `[x, y]`. A detection of an image's list is such an object without
 * image, or a list of numbers, of which `columns` says what they are (`x1 y1 x2 y2 score`, then points); without it they are
 * `x y w h score`. Where no detection has `landmarks`, its `points` are they, named by `pointNames` of the line, if all have as many
 * and the same names.
 *
 * @throws {DatasetError} with the line, if one is malformed.
 * Cost: O(bytes); holds one line, and `points` until all lines are read.
 */
export function readJsonLines(file: string, context: ReadingContext): Predictions {
  const source = openSource(file);
  try {
    return readDetectionLines(source, context);
  } finally {
    source.close();
  }
}

/** As `readJsonLines`, from any source of bytes. */
export function readDetectionLines(source: ByteSource, context: ReadingContext): Predictions {
  const builder = new PredictionsBuilder({
    negativeSizes: context.negativeSizes ?? 'refuse',
    keepFlag: `${context.flag('negativeSizes')} keep`,
  });
  const points = new AgreedPoints();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  readLines(
    source,
    (bytes, start, end, line) => {
      const where = `${source.place}:${line}`;
      const value = parseLine(bytes.subarray(start, end), (part) => decoder.decode(part), where);
      if (value !== undefined) addLine({ builder, points }, value, fieldsOf(where), context);
    },
    (bytes) => context.onRead?.(bytes, source.sizeBytes),
  );
  if (builder.landmarks.isEmpty && !points.give(builder.landmarks)) {
    context.note(`${source.place}: points are not read, as detections have other numbers or names of them`);
  }
  return builder.build();
}

function parseLine(bytes: Uint8Array, decode: (bytes: Uint8Array) => string, where: string): unknown {
  try {
    const text = decode(bytes);
    return text.trim() === '' ? undefined : parseUniqueJson(text);
  } catch (cause) {
    throw new DatasetError(
      `${where}: expected a line of JSON, got an error (${(cause as Error).message.slice(0, 200)}); correct the line`,
      { cause },
    );
  }
}

/** What detections are added to. */
interface Collected {
  readonly builder: PredictionsBuilder;
  readonly points: AgreedPoints;
}

function addLine(collected: Collected, value: unknown, fields: Fields, context: ReadingContext): void {
  const { builder } = collected;
  const line = fields.object(value, () => 'the line');
  const member = imageMembers.find((name) => line[name] !== undefined);
  if (member === undefined) throw fields.error('image', 'the path of the image', undefined);
  const name = fields.text(line[member], () => member);
  // As `retinabench detect` writes an image that it could not read: it has no detections, not none found.
  if (line.error !== undefined && line.faces === undefined) {
    context.note(`${fields.place}: ${name} failed and is taken as an image without predictions`);
    return;
  }
  const list = line.detections ?? line.faces;
  const listName = line.detections === undefined ? 'faces' : 'detections';
  if (list === undefined) {
    addObject(collected, builder.image(name, fields.place), line, '', fields, context);
    return;
  }
  const image = builder.newImage(name, fields.place);
  if (!Array.isArray(list)) throw fields.error(listName, 'a list', list);
  const columns = line.columns === undefined ? undefined : listColumns(line.columns, fields);
  (list as readonly unknown[]).forEach((detection, index) => {
    const path = `${listName}[${index}]`;
    if (Array.isArray(detection))
      addList(builder, image, detection, columns ?? listColumns('x y w h score', fields), path, fields);
    else
      addObject(
        collected,
        image,
        { ...fields.object(detection, () => path), pointNames: line.pointNames },
        `${path}.`,
        fields,
        context,
      );
  });
}

function addObject(
  { builder, points }: Collected,
  image: number,
  detection: JsonObject,
  prefix: string,
  fields: Fields,
  context: ReadingContext,
): void {
  const found = boxMembers.filter(([name]) => detection[name] !== undefined);
  if (found.length !== 1) {
    throw fields.error(
      `${prefix}box`,
      'one list of four numbers',
      found.length === 0 ? undefined : found.map(([name]) => name).join(', '),
    );
  }
  const [[name, form]] = found;
  const box = fields.numbers(detection[name], 4, () => `${prefix}${name}`);
  const score = fields.number(detection.score ?? detection.confidence, () => `${prefix}score`);
  const isOwn = name === 'box' || name === 'bbox';
  add(builder, image, box, isOwn ? (context.boxes ?? form) : form, score, fields.place);
  if (Array.isArray(detection.points) && detection.points.length > 0) {
    const xy = pointsOf(detection.points, `${prefix}points`, fields);
    points.add(builder.count - 1, xy, namesOf(detection.pointNames, xy.length / 2, fields), fields.place);
  }
  if (detection.landmarks === undefined || detection.landmarks === null) return;
  builder.landmarks.add(
    builder.count - 1,
    pointsOf(detection.landmarks, `${prefix}landmarks`, fields),
    undefined,
    fields.place,
  );
}

function namesOf(value: unknown, count: number, fields: Fields): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length !== count) throw fields.error('pointNames', `${count} names`, value);
  return value.map((name, index) => fields.text(name, () => `pointNames[${index}]`));
}

function pointsOf(value: unknown, path: string, fields: Fields): readonly number[] {
  if (!Array.isArray(value)) throw fields.error(path, 'a list of points', value);
  if (value.every((item) => typeof item === 'number')) return fields.numbers(value, undefined, () => path);
  return (value as readonly unknown[]).flatMap((point, index) =>
    point === null ? [Number.NaN, Number.NaN] : fields.numbers(point, 2, () => `${path}[${index}]`),
  );
}

/** What the numbers of a detection are: a box in one of its forms, a score, points. */
interface ListColumns {
  readonly form: BoxForm;
  readonly points: number;
}

function listColumns(value: unknown, fields: Fields): ListColumns {
  const text = fields.text(value, () => 'columns').trim();
  const forms: Readonly<Record<string, BoxForm>> = {
    'x1 y1 x2 y2 score': 'xyxy',
    'x y w h score': 'xywh',
    'cx cy w h score': 'cxcywh',
  };
  const found = Object.entries(forms).find(([names]) => text === names || text.startsWith(`${names} `));
  if (found === undefined) {
    throw fields.error('columns', '"x y w h score" or "x1 y1 x2 y2 score", and points behind it', text);
  }
  const rest = text.slice(found[0].length).trim();
  return { form: found[1], points: rest === '' ? 0 : -1 };
}

function addList(
  builder: PredictionsBuilder,
  image: number,
  value: unknown,
  { form, points }: ListColumns,
  path: string,
  fields: Fields,
): void {
  const numbers = fields.numbers(value, undefined, () => path);
  const extra = numbers.length - 5;
  if (extra < 0 || (points === 0 && extra !== 0) || extra % 2 !== 0) {
    throw fields.error(path, points === 0 ? 'five numbers' : 'five numbers and x and y of each point', value);
  }
  add(builder, image, numbers, form, numbers[4], fields.place);
  if (extra > 0) builder.landmarks.add(builder.count - 1, numbers.slice(5), undefined, fields.place);
}

function add(
  builder: PredictionsBuilder,
  image: number,
  [a, b, c, d]: readonly number[],
  form: BoxForm,
  score: number,
  where: string,
): void {
  const place = (): string => where;
  if (form === 'xywh') builder.add(image, a, b, c, d, score, place);
  else if (form === 'xyxy') builder.add(image, a, b, c - a, d - b, score, place);
  else builder.add(image, a - c / 2, b - d / 2, c, d, score, place);
}
