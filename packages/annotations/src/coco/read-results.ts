import { DatasetError, describeJson } from '@retinabench/core';
import type { ReadingContext } from '../reading/reading.js';
import type { Predictions } from '../set/predictions.js';
import { PredictionsBuilder } from '../set/predictions-builder.js';
import { readJsonElements } from '../source/json-elements.js';
import { type ByteSource, openSource } from '../source/open-source.js';
import { fieldsOf } from './field.js';

/** What results are read with. */
export interface CocoResultsContext extends ReadingContext {
  /** The id of the class of faces in the annotations that they belong to. */
  readonly categoryId?: number | string | undefined;
}

/**
 * Read results in COCO's JSON: a list of `{ "image_id", "category_id", "bbox": [x, y, w, h], "score" }`, optionally with
 * `keypoints`. Images are named by their ids as text; an id that is a file name is that.
 *
 * @throws {DatasetError} with the member, if the file is malformed or holds several categories of which none is chosen.
 * Cost: O(bytes); detections take about 50 bytes each.
 */
export function readCocoResults(file: string, context: CocoResultsContext): Predictions {
  return readResults(openSource(file), file, context);
}

/** As `readCocoResults`, from any source of bytes. */
export function readResults(source: ByteSource, place: string, context: CocoResultsContext): Predictions {
  const fields = fieldsOf(place);
  const builder = new PredictionsBuilder({
    negativeSizes: context.negativeSizes ?? 'refuse',
    keepFlag: `${context.flag('negativeSizes')} keep`,
  });
  const asked = context.category ?? context.categoryId;
  let only: number | string | undefined;
  let others = 0;
  let numbered = 0;
  const addResult = (value: unknown, index: number): void => {
    const path = (member: string) => () => `[${index}]${member}`;
    const result = fields.object(value, path(''));
    const id = fields.id(result.image_id, path('.image_id'));
    if (typeof id === 'number') numbered++;
    const image = builder.image(String(id), `${place}: [${index}].image_id`);
    if (result.category_id !== undefined) {
      const category = fields.id(result.category_id, path('.category_id'));
      if (asked !== undefined) {
        if (String(category) !== String(asked)) {
          others++;
          return;
        }
      } else if (only === undefined) {
        only = category;
      } else if (category !== only) {
        throw new DatasetError(
          `${place}: [${index}].category_id: expected ${describeJson(only)} as before, got ${describeJson(category)}; choose the number of the class of faces with ${context.flag('category')}`,
        );
      }
    }
    const [x, y, w, h] = fields.numbers(result.bbox, 4, path('.bbox'));
    const score = fields.number(result.score, path('.score'));
    builder.add(image, x, y, w, h, score, () => `${place}: [${index}].bbox`);
    if (result.keypoints === undefined || result.keypoints === null) return;
    const values = fields.numbers(result.keypoints, undefined, path('.keypoints'));
    if (values.length % 3 !== 0) throw fields.error(path('.keypoints')(), 'x, y and a score of each point', values);
    const points = values.flatMap((value, at) => {
      if (at % 3 === 2) return [];
      // COCO writes a point that is not there as 0, 0, 0; its place is no measurement.
      const first = at - (at % 3);
      return [values[first] === 0 && values[first + 1] === 0 && values[first + 2] === 0 ? Number.NaN : value];
    });
    builder.landmarks.add(builder.count - 1, points, undefined, `${place}: [${index}].keypoints`);
  };
  let kind: 'array' | 'object';
  try {
    kind = readJsonElements(
      source,
      {
        elements: (key, values, first) => {
          if (key !== undefined) return;
          for (let index = 0; index < values.length; index++) addResult(values[index], first + index);
        },
        member: () => undefined,
      },
      (bytes) => context.onRead?.(bytes, source.sizeBytes),
    );
  } finally {
    source.close();
  }
  if (kind === 'object') {
    throw new DatasetError(`${place}: expected COCO results, a list of detections, got an object; choose another file`);
  }
  if (others > 0) {
    if (builder.count === 0) {
      throw new DatasetError(
        `${place}: expected detections of the category ${describeJson(asked)}, got ${others} of others; choose one with ${context.flag('category')}`,
      );
    }
    context.note(`${others} detections of other categories than ${String(asked).slice(0, 60)} are left out`);
  }
  if (numbered > 0 && numbered < builder.count + others) {
    throw new DatasetError(
      `${place}: expected image_id to be a number in all results or a name in all, got both; write one of them`,
    );
  }
  return builder.build(numbered > 0 ? 'id' : undefined);
}
