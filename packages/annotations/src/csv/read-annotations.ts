import { DatasetError, withoutGuard } from '@retinabench/core';
import type { Delimiter } from '../delimited/read-rows.js';
import { type Category, chooseCategory } from '../reading/choose-category.js';
import type { ImageSizes } from '../reading/image-sizes.js';
import type { ReadingContext } from '../reading/reading.js';
import { UnitsGuess } from '../reading/relative-boxes.js';
import type { Annotations } from '../set/annotations.js';
import { AnnotationsBuilder, type AttributeValue } from '../set/annotations-builder.js';
import { type ByteSource, openSource } from '../source/open-source.js';
import type { CsvColumns } from './columns.js';
import { type CsvRow, isNumberText, readCsvTable } from './open-table.js';

/** What CSV annotations are read to. */
export interface CsvAnnotations {
  readonly annotations: Annotations;
  readonly category?: Category;
}

/** Most classes of a data set: more are a column of something else. */
const mostClasses = 10_000;

/**
 * Read annotations in CSV: a header, then a row per face; an image without faces has one row with an empty box. Columns of
 * other names than those of docs/annotations.md become attributes.
 *
 * @throws {DatasetError} with the line, if a row is malformed, the class of the faces or the units of the boxes are not clear, a row
 * has no class while others have one and none is chosen,
 * or an image has two sizes.
 * Cost: O(bytes); a file with classes is read twice.
 */
export function readCsvAnnotations(
  file: string,
  delimiter: Delimiter,
  sizes: ImageSizes,
  context: ReadingContext,
): CsvAnnotations {
  return readCsv(() => openSource(file), file, delimiter, sizes, context);
}

/** As `readCsvAnnotations`, from any source of bytes; `open` is called once more for a file with classes. */
export function readCsv(
  open: () => ByteSource,
  place: string,
  delimiter: Delimiter,
  sizes: ImageSizes,
  context: ReadingContext,
): CsvAnnotations {
  const face = faceClass(open, place, delimiter, context);
  const builder = new AnnotationsBuilder(place, {
    negativeSizes: context.negativeSizes ?? 'refuse',
    keepFlag: `${context.flag('negativeSizes')} keep`,
    boxesFlag: context.flag('boxes'),
  });
  const units = new UnitsGuess();
  let columns: CsvColumns | undefined;
  let others = 0;
  const visit = (row: CsvRow): void => {
    if (columns === undefined) return;
    const { where } = row;
    const name = withoutGuard(row.text(columns.image));
    const image = builder.find(name, where) ?? builder.addImage(name, where);
    readSize(row, columns, builder, image);
    const read = row.box();
    if (read === undefined) return;
    if (face !== undefined && row.text(columns.category).trim() !== face.name) {
      others++;
      return;
    }
    units.see(read);
    const [width, height] =
      context.units === 'relative' ? knownSize(builder, image, sizes, name, where, context) : ([1, 1] as const);
    const [x, y, w, h] = read;
    builder.addFace(
      image,
      {
        box: [x * width, y * height, w * width, h * height],
        areaPx: row.text(columns.area).trim() === '' ? undefined : row.number(columns.area, 'area'),
        crowd: row.flag(columns.crowd, 'crowd'),
        ignored: row.flag(columns.ignored, 'ignore'),
        difficult: row.flag(columns.difficult, 'difficult'),
        ...landmarksOf(row, columns, width, height),
        attributes: attributesOf(row, columns),
      },
      where,
    );
  };
  const begin = (found: CsvColumns): void => {
    columns = found;
    if (found.score >= 0) context.note('the column of scores is an attribute: these are annotations');
    if (found.landmarks.length > 0) builder.landmarks.setNames(found.landmarks.map((point) => point.name));
  };
  withSource(open(), (source) => readCsvTable(source, delimiter, context, begin, visit));
  units.check(context.units, place, context);
  if (others > 0) context.note(`${others} rows of other classes than ${face?.name} are left out`);
  const annotations = numericAttributes(builder.build());
  return { annotations, ...(face === undefined ? {} : { category: face }) };
}

function withSource(source: ByteSource, use: (source: ByteSource) => void): void {
  try {
    use(source);
  } finally {
    source.close();
  }
}

/** The class of the faces, where the file has classes. */
function faceClass(
  open: () => ByteSource,
  place: string,
  delimiter: Delimiter,
  context: ReadingContext,
): Category | undefined {
  const classes = new Set<string>();
  let column = -1;
  let unnamed: string | undefined;
  const quiet: ReadingContext = { ...context, told: () => undefined, note: () => undefined };
  const noClasses = new Error('the file has no column of classes');
  try {
    withSource(open(), (source) =>
      readCsvTable(
        source,
        delimiter,
        quiet,
        ({ category }) => {
          column = category;
          if (column < 0) throw noClasses;
        },
        (row) => {
          const name = row.text(column).trim();
          if (name === '') {
            if (row.box() === undefined) return;
            unnamed ??= row.where;
          }
          classes.add(name);
          if (classes.size <= mostClasses) return;
          throw new DatasetError(
            `${row.where}: expected at most ${mostClasses} classes, got more; rename the column if it holds something else`,
          );
        },
      ),
    );
  } catch (error) {
    if (error === noClasses) return undefined;
    throw error;
  }
  if (classes.size === 0) return undefined;
  if (unnamed !== undefined && classes.size > 1 && context.category === undefined) {
    throw new DatasetError(
      `${unnamed}: expected the class of the face, as other rows have, got none; write it, or leave rows without a class out with ${context.flag('category')} NAME`,
    );
  }
  return chooseCategory(
    [...classes].map((name) => ({ id: name, name })),
    place,
    context,
  );
}

function readSize(row: CsvRow, columns: CsvColumns, builder: AnnotationsBuilder, image: number): void {
  if (columns.width < 0 || columns.height < 0 || row.text(columns.width).trim() === '') return;
  const width = row.number(columns.width, 'the width of the image');
  const height = row.number(columns.height, 'the height of the image');
  builder.setSize(image, [width, height], row.where);
}

/** The size of an image with boxes in parts of it. */
function knownSize(
  builder: AnnotationsBuilder,
  image: number,
  sizes: ImageSizes,
  name: string,
  where: string,
  context: ReadingContext,
): readonly [number, number] {
  const own = builder.sizeOf(image);
  const size = own[0] > 0 ? own : (sizes.sizeOf(name) ?? [0, 0]);
  if (!(size[0] > 0 && size[1] > 0)) {
    throw new DatasetError(
      `${where}: expected the size of ${JSON.stringify(name.slice(0, 120))} to bring its boxes to pixels, got none; add columns width and height, or pass ${context.flag('sizes')} FILE or ${context.flag('images')} DIR`,
    );
  }
  if (own[0] === 0) builder.setSize(image, size, where);
  return size;
}

function landmarksOf(
  row: CsvRow,
  columns: CsvColumns,
  width: number,
  height: number,
): { points?: number[]; visibility?: number[] } {
  if (columns.landmarks.length === 0) return {};
  const points: number[] = [];
  const visibility: number[] = [];
  let says = false;
  for (const { name, x, y, seen } of columns.landmarks) {
    if (row.text(x).trim() === '' && row.text(y).trim() === '') {
      points.push(Number.NaN, Number.NaN);
      visibility.push(0);
      continue;
    }
    points.push(width * row.number(x, `${name}_x`), height * row.number(y, `${name}_y`));
    const given = seen >= 0 && row.text(seen).trim() !== '';
    if (given) says = true;
    const value = given ? row.number(seen, `${name}_visibility`) : 2;
    if (value !== 0 && value !== 1 && value !== 2) {
      throw new DatasetError(`${row.where}: expected 0, 1 or 2 as ${name}_visibility, got ${value}; correct the field`);
    }
    visibility.push(value);
  }
  return says ? { points, visibility } : { points };
}

function* attributesOf(row: CsvRow, columns: CsvColumns): Generator<readonly [string, AttributeValue]> {
  for (const [name, column] of columns.attributes) yield [name, row.text(column)];
  if (columns.score >= 0) yield ['score', row.text(columns.score)];
}

/** Attributes of which every value is a decimal number as such. */
function numericAttributes(annotations: Annotations): Annotations {
  const attributes = new Map(annotations.attributes);
  for (const [name, column] of attributes) {
    if (column.kind !== 'word' || !column.values.every((value) => value === undefined || isNumberText(value))) continue;
    const values = Float64Array.from(column.values, (value) => (value === undefined ? Number.NaN : Number(value)));
    attributes.set(name, { kind: 'number', values });
  }
  return { ...annotations, attributes };
}
