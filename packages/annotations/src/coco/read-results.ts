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
  const results = new ResultsReader(place, context);
  let kind: 'array' | 'object';
  try {
    kind = readJsonElements(
      source,
      {
        elements: (key, values, first) => {
          if (key !== undefined) return;
          for (let index = 0; index < values.length; index++) results.add(values[index], first + index);
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
  return results.build();
}

/** Takes in results one by one. */
class ResultsReader {
  readonly #place: string;
  readonly #context: CocoResultsContext;
  readonly #fields: ReturnType<typeof fieldsOf>;
  readonly #builder: PredictionsBuilder;
  /** The category that was asked for, or else the one that all results have. */
  readonly #asked: number | string | undefined;
  #only: number | string | undefined;
  /** Results of other categories, and results whose image has a number. */
  #others = 0;
  #numbered = 0;

  constructor(place: string, context: CocoResultsContext) {
    this.#place = place;
    this.#context = context;
    this.#fields = fieldsOf(place);
    this.#builder = new PredictionsBuilder({
      negativeSizes: context.negativeSizes ?? 'refuse',
      keepFlag: `${context.flag('negativeSizes')} keep`,
    });
    this.#asked = context.category ?? context.categoryId;
  }

  add(value: unknown, index: number): void {
    const fields = this.#fields;
    const path = (member: string) => () => `[${index}]${member}`;
    const result = fields.object(value, path(''));
    const id = fields.id(result.image_id, path('.image_id'));
    if (typeof id === 'number') this.#numbered++;
    const image = this.#builder.image(String(id), `${this.#place}: [${index}].image_id`);
    if (result.category_id !== undefined) {
      if (!this.#isWanted(fields.id(result.category_id, path('.category_id')), index)) return;
    }
    const [x, y, w, h] = fields.numbers(result.bbox, 4, path('.bbox'));
    const score = fields.number(result.score, path('.score'));
    this.#builder.add(image, x, y, w, h, score, () => `${this.#place}: [${index}].bbox`);
    if (result.keypoints === undefined || result.keypoints === null) return;
    const values = fields.numbers(result.keypoints, undefined, path('.keypoints'));
    if (values.length % 3 !== 0) throw fields.error(path('.keypoints')(), 'x, y and a score of each point', values);
    this.#builder.landmarks.add(
      this.#builder.count - 1,
      pointsOf(values),
      undefined,
      `${this.#place}: [${index}].keypoints`,
    );
  }

  build(): Predictions {
    const found = this.#builder.count;
    if (this.#others > 0) {
      if (found === 0) {
        throw new DatasetError(
          `${this.#place}: expected detections of the category ${describeJson(this.#asked)}, got ${this.#others} of others; choose one with ${this.#context.flag('category')}`,
        );
      }
      this.#context.note(
        `${this.#others} detections of other categories than ${String(this.#asked).slice(0, 60)} are left out`,
      );
    }
    if (this.#numbered > 0 && this.#numbered < found + this.#others) {
      throw new DatasetError(
        `${this.#place}: expected image_id to be a number in all results or a name in all, got both; write one of them`,
      );
    }
    return this.#builder.build(this.#numbered > 0 ? 'id' : undefined);
  }

  /** @throws {DatasetError} if none was asked for and there are several. */
  #isWanted(category: number | string, index: number): boolean {
    if (this.#asked !== undefined) {
      const isAsked = String(category) === String(this.#asked);
      if (!isAsked) this.#others++;
      return isAsked;
    }
    this.#only ??= category;
    if (category === this.#only) return true;
    throw new DatasetError(
      `${this.#place}: [${index}].category_id: expected ${describeJson(this.#only)} as before, got ${describeJson(category)}; choose the number of the class of faces with ${this.#context.flag('category')}`,
    );
  }
}

/** (x, y) of each point of (x, y, score). COCO writes a point that is not there as 0, 0, 0; its place is no measurement. */
function pointsOf(values: readonly number[]): number[] {
  return values.flatMap((value, at) => {
    if (at % 3 === 2) return [];
    const first = at - (at % 3);
    return [values[first] === 0 && values[first + 1] === 0 && values[first + 2] === 0 ? Number.NaN : value];
  });
}
