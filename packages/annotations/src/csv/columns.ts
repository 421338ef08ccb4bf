import { DatasetError } from '@retinabench/core';
import type { BoxForm, ReadingContext } from '../reading/reading.js';

/** The column of each value in a row; -1 where there is none. */
export interface CsvColumns {
  readonly image: number;
  /** The four numbers of the box in the order of `boxForm`. */
  readonly box: readonly [number, number, number, number];
  readonly boxForm: BoxForm;
  readonly width: number;
  readonly height: number;
  readonly category: number;
  readonly score: number;
  readonly area: number;
  readonly crowd: number;
  readonly ignored: number;
  readonly difficult: number;
  readonly landmarks: readonly {
    readonly name: string;
    readonly x: number;
    readonly y: number;
    readonly seen: number;
  }[];
  /** All others, by name. */
  readonly attributes: readonly (readonly [name: string, column: number])[];
  readonly count: number;
}

/** Names that columns have, in small letters, blanks and hyphens as `_`. */
const names = {
  image: [
    'image',
    'file_name',
    'filename',
    'file',
    'image_path',
    'image_name',
    'image_file',
    'imagename',
    'img',
    'img_name',
    'img_path',
    'path',
    'image_id',
    'imageid',
  ],
  imageWidth: ['image_width', 'img_width', 'image_w', 'img_w', 'width_px', 'imagewidth'],
  imageHeight: ['image_height', 'img_height', 'image_h', 'img_h', 'height_px', 'imageheight'],
  category: ['label', 'class', 'category', 'class_name', 'category_name', 'labelname', 'category_id', 'class_id'],
  score: ['score', 'confidence', 'conf', 'probability', 'prob', 'det_score'],
  area: ['area'],
  crowd: ['iscrowd', 'crowd', 'is_crowd', 'isgroupof', 'is_group_of'],
  ignored: ['ignore', 'ignored', 'is_ignored'],
  difficult: ['difficult', 'is_difficult'],
} as const;

/** Names of the four numbers of a box. `width` and `height` are the image's where the box has its own. */
const boxNames: readonly (readonly [BoxForm, readonly [string, string, string, string]])[] = [
  ['xyxy', ['x1', 'y1', 'x2', 'y2']],
  ['xyxy', ['x0', 'y0', 'x1', 'y1']],
  ['xyxy', ['xmin', 'ymin', 'xmax', 'ymax']],
  ['xyxy', ['x_min', 'y_min', 'x_max', 'y_max']],
  ['xyxy', ['left', 'top', 'right', 'bottom']],
  ['xyxy', ['bbox_x1', 'bbox_y1', 'bbox_x2', 'bbox_y2']],
  ['xyxy', ['box_x1', 'box_y1', 'box_x2', 'box_y2']],
  ['cxcywh', ['cx', 'cy', 'w', 'h']],
  ['cxcywh', ['cx', 'cy', 'width', 'height']],
  ['cxcywh', ['x_center', 'y_center', 'w', 'h']],
  ['cxcywh', ['x_center', 'y_center', 'width', 'height']],
  ['cxcywh', ['xcenter', 'ycenter', 'width', 'height']],
  ['xywh', ['x', 'y', 'w', 'h']],
  ['xywh', ['x', 'y', 'width', 'height']],
  ['xywh', ['left', 'top', 'width', 'height']],
  ['xywh', ['bbox_x', 'bbox_y', 'bbox_w', 'bbox_h']],
  ['xywh', ['bbox_x', 'bbox_y', 'bbox_width', 'bbox_height']],
  ['xywh', ['box_x', 'box_y', 'box_w', 'box_h']],
  ['xywh', ['x_1', 'y_1', 'width', 'height']],
];

/** The name of a column as it is compared. */
function comparable(name: string): string {
  return name.trim().toLowerCase().replace(/[ -]+/g, '_');
}

/** Whether a row can be the header of annotations or predictions: it names an image and the sides of a box. */
export function isCsvHeader(fields: readonly string[]): boolean {
  const there = new Set(fields.map(comparable));
  return (
    names.image.some((name) => there.has(name)) && boxNames.some(([, sides]) => sides.every((side) => there.has(side)))
  );
}

/** Whether a column of a name reads as an attribute, beside columns of the other names. */
export function isAttributeName(name: string, all: readonly string[]): boolean {
  const own = comparable(name);
  const others = all.filter((other) => other !== name).map(comparable);
  const known = [...Object.values(names).flat(), 'width', 'height', ...boxNames.flatMap(([, sides]) => sides)];
  const stem = /^(.+)_([xyv]|visibility)$/.exec(own)?.[1];
  const isPoint = stem !== undefined && (others.includes(`${stem}_x`) || others.includes(`${stem}_y`));
  return own !== '' && name.trim() === name && !known.includes(own) && !others.includes(own) && !isPoint;
}

/**
 * Find out what the columns of a CSV file are, by their names, in any order. A layout of the box that is told holds, whatever
 * layout the names of its four columns state.
 *
 * @param header of a file; or names given in its place.
 * @param where  its place, for messages.
 * @throws {DatasetError} if a name occurs twice, there is no image or box, or the names allow two readings of the box.
 */
export function csvColumns(header: readonly string[], where: string, context: ReadingContext): CsvColumns {
  const compared = header.map(comparable);
  const places = new Map<string, number>();
  compared.forEach((name, column) => {
    if (name === '') return;
    if (places.has(name)) {
      throw new DatasetError(
        `${where}: expected each column once, got ${JSON.stringify(header[column].slice(0, 60))} in columns ${(places.get(name) ?? 0) + 1} and ${column + 1}; rename one of them`,
      );
    }
    places.set(name, column);
  });
  const taken = new Set<number>();
  const take = (name: string): number => {
    const column = places.get(name);
    if (column === undefined || taken.has(column)) return -1;
    taken.add(column);
    return column;
  };
  const first = (choices: readonly string[]): number => take(choices.find((name) => places.has(name)) ?? '');
  const image = first(names.image);
  const [form, sides] = findBox(places, header, where, context);
  const box = sides.map(take) as unknown as CsvColumns['box'];
  if (image < 0) {
    throw new DatasetError(
      `${where}: expected a column image, got ${shown(header)}; name the columns, or pass ${context.flag('columns')} image,x1,y1,x2,y2 for a file without header`,
    );
  }
  const ownWidth = first(names.imageWidth);
  const ownHeight = first(names.imageHeight);
  const known = {
    image,
    box,
    boxForm: form,
    width: ownWidth >= 0 ? ownWidth : take('width'),
    height: ownHeight >= 0 ? ownHeight : take('height'),
    category: first(names.category),
    score: first(names.score),
    area: take('area'),
    crowd: first(names.crowd),
    ignored: first(names.ignored),
    difficult: first(names.difficult),
  };
  const landmarks = findLandmarks(header, compared, places, taken);
  const attributes = header
    .map((name, column) => [name.trim(), column] as const)
    .filter(([name, column]) => name !== '' && !taken.has(column));
  return { ...known, landmarks, attributes, count: header.length };
}

function findBox(
  places: ReadonlyMap<string, number>,
  header: readonly string[],
  where: string,
  context: ReadingContext,
): (typeof boxNames)[number] {
  const found = boxNames.filter(([, sides]) => sides.every((side) => places.has(side)));
  // A box of its own w and h leaves width and height to the image.
  const own = found.filter(
    ([form, sides]) =>
      !sides.includes('width') ||
      !found.some(([other, others]) => other === form && !others.includes('width') && others[0] === sides[0]),
  );
  const asked = context.boxes === undefined ? own : own.filter(([form]) => form === context.boxes);
  const apart = asked.length > 1 ? asked.filter(([, sides]) => !sides.includes('width')) : asked;
  if (apart.length === 1) return apart[0];
  // Whoever says what four numbers are knows it better than their names, which many files have wrong.
  if (context.boxes !== undefined && own.length === 1) return [context.boxes, own[0][1]];
  if (own.length > 1) {
    const forms = own.map(([form, sides]) => `${form} (${sides.join(' ')})`).join(' and ');
    throw new DatasetError(
      `${where}: expected columns of one box, got those of ${forms}; choose with ${context.flag('boxes')}, or remove the others`,
    );
  }
  throw new DatasetError(
    `${where}: expected the columns of a box${context.boxes === undefined ? '' : ` as ${context.boxes}`}: x1,y1,x2,y2 or x,y,w,h or cx,cy,w,h, got ${shown(header)}; name the columns, or pass ${context.flag('columns')} image,x1,y1,x2,y2 for a file without header`,
  );
}

function findLandmarks(
  header: readonly string[],
  compared: readonly string[],
  places: ReadonlyMap<string, number>,
  taken: Set<number>,
): CsvColumns['landmarks'] {
  return compared.flatMap((name, x) => {
    const stem = /^(.+)_x$/.exec(name)?.[1];
    const y = stem === undefined ? undefined : places.get(`${stem}_y`);
    if (stem === undefined || y === undefined || taken.has(x) || taken.has(y)) return [];
    const seen = places.get(`${stem}_visibility`) ?? places.get(`${stem}_v`) ?? -1;
    for (const column of [x, y, seen]) taken.add(column);
    return [{ name: header[x].trim().slice(0, -2), x, y, seen }];
  });
}

function shown(header: readonly string[]): string {
  return JSON.stringify(header.join(',').slice(0, 120));
}
