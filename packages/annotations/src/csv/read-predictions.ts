import { DatasetError, withoutGuard } from '@retinabench/core';
import type { Delimiter } from '../delimited/read-rows.js';
import type { ImageSizes } from '../reading/image-sizes.js';
import type { ReadingContext } from '../reading/reading.js';
import { UnitsGuess } from '../reading/relative-boxes.js';
import type { Predictions } from '../set/predictions.js';
import { PredictionsBuilder } from '../set/predictions-builder.js';
import { type ByteSource, openSource } from '../source/open-source.js';
import type { CsvColumns } from './columns.js';
import { type CsvRow, readCsvTable } from './open-table.js';

/**
 * Read predictions in CSV: a header, then a row per detection with a score; an image without detections may have a row with an
 * empty box.
 *
 * @throws {DatasetError} with the line, if a row is malformed, there is no score, there are several classes of which none is
 * chosen, or the units of the boxes are not clear.
 * Cost: O(bytes); detections take about 50 bytes each.
 */
export function readCsvPredictions(
  file: string,
  delimiter: Delimiter,
  sizes: ImageSizes,
  context: ReadingContext,
): Predictions {
  const source = openSource(file);
  try {
    return readPredictionRows(source, delimiter, sizes, context);
  } finally {
    source.close();
  }
}

/** As `readCsvPredictions`, from any source of bytes. */
export function readPredictionRows(
  source: ByteSource,
  delimiter: Delimiter,
  sizes: ImageSizes,
  context: ReadingContext,
): Predictions {
  const { place } = source;
  const builder = new PredictionsBuilder({
    negativeSizes: context.negativeSizes ?? 'refuse',
    keepFlag: `${context.flag('negativeSizes')} keep`,
    boxesFlag: context.flag('boxes'),
  });
  const units = new UnitsGuess();
  let columns: CsvColumns | undefined;
  let only: string | undefined;
  let others = 0;
  const begin = (found: CsvColumns): void => {
    columns = found;
    if (found.score < 0) {
      throw new DatasetError(
        `${place}: expected predictions with a column score, got none; are these annotations? Otherwise name the column score`,
      );
    }
    if (found.landmarks.length > 0) builder.landmarks.setNames(found.landmarks.map((point) => point.name));
  };
  const visit = (row: CsvRow): void => {
    if (columns === undefined) return;
    const name = withoutGuard(row.text(columns.image));
    const image = builder.image(name, row.where);
    const read = row.box();
    if (read === undefined) return;
    if (columns.category >= 0) {
      const category = row.text(columns.category).trim();
      only ??= context.category ?? category;
      if (category !== only) {
        if (context.category === undefined) {
          throw new DatasetError(
            `${row.where}: expected the class ${JSON.stringify(only.slice(0, 60))} as before, got ${JSON.stringify(category.slice(0, 60))}; choose the class of the faces with ${context.flag('category')}`,
          );
        }
        others++;
        return;
      }
    }
    units.see(read);
    const [x, y, w, h] = read;
    const [width, height] = context.units === 'relative' ? sizeOf(row, columns, name, sizes, context) : [1, 1];
    const score = row.number(columns.score, 'score');
    builder.add(image, x * width, y * height, w * width, h * height, score, () => row.where);
    addLandmarks(row, columns, builder, width, height);
  };
  readCsvTable(source, delimiter, context, begin, visit);
  units.check(context.units, place, context);
  if (others > 0) context.note(`${others} rows of other classes than ${only} are left out`);
  return builder.build();
}

function sizeOf(
  row: CsvRow,
  columns: CsvColumns,
  name: string,
  sizes: ImageSizes,
  context: ReadingContext,
): readonly [number, number] {
  const hasOwn = columns.width >= 0 && columns.height >= 0;
  const size = hasOwn
    ? ([row.number(columns.width, 'width'), row.number(columns.height, 'height')] as const)
    : sizes.sizeOf(name);
  if (size !== undefined && size[0] > 0 && size[1] > 0) return size;
  throw new DatasetError(
    `${row.where}: expected the size of ${JSON.stringify(name.slice(0, 120))} to bring its boxes to pixels, got none; add columns width and height, or pass ${context.flag('sizes')} FILE or ${context.flag('images')} DIR`,
  );
}

function addLandmarks(
  row: CsvRow,
  columns: CsvColumns,
  builder: PredictionsBuilder,
  width: number,
  height: number,
): void {
  if (columns.landmarks.length === 0) return;
  const points: number[] = [];
  for (const { name, x, y } of columns.landmarks) {
    const empty = row.text(x).trim() === '' && row.text(y).trim() === '';
    if (empty) points.push(Number.NaN, Number.NaN);
    else points.push(width * row.number(x, `${name}_x`), height * row.number(y, `${name}_y`));
  }
  builder.landmarks.add(builder.count - 1, points, undefined, row.where);
}
