import { DatasetError } from '@retinabench/core';
import { type BoxRules, checkBox } from './check-box.js';
import { GrowingNumbers, groupByImage, inOrder } from './growing-columns.js';
import { imageName } from './image-name.js';
import { LandmarksBuilder } from './landmarks-builder.js';
import { ownText } from './own-text.js';
import type { Predictions } from './predictions.js';
import { quoteName } from './quote-name.js';

/** Collects detections, in any order of images, into `Predictions`. */
export class PredictionsBuilder {
  readonly landmarks = new LandmarksBuilder();
  readonly #rules: BoxRules;
  readonly #names: string[] = [];
  readonly #places = new Map<string, number>();
  /** Texts as in the file; most are repeated many times. */
  readonly #spellings = new Map<string, number>();
  readonly #imageOf = new GrowingNumbers();
  readonly #boxes = new GrowingNumbers();
  readonly #scores = new GrowingNumbers();

  constructor(rules: BoxRules) {
    this.#rules = rules;
  }

  get imageCount(): number {
    return this.#names.length;
  }

  get count(): number {
    return this.#scores.length;
  }

  /** The index of the image of a name, added if it is new. @throws {DatasetError} if the name is not a path. */
  image(text: string, where: string): number {
    const known = this.#spellings.get(text);
    if (known !== undefined) return known;
    const spelling = ownText(text);
    const name = imageName(spelling, where);
    const image = this.#places.get(name) ?? this.#names.push(name) - 1;
    this.#places.set(name, image);
    this.#spellings.set(spelling, image);
    return image;
  }

  /** As `image`, for formats in which each image has its own file or entry. @throws {DatasetError} also if the name was there already. */
  newImage(text: string, where: string): number {
    const before = this.imageCount;
    const image = this.image(text, where);
    if (image >= before) return image;
    throw new DatasetError(
      `${where}: expected each image once, got ${quoteName(this.#names[image])} again; remove one of the two`,
    );
  }

  /** @throws {DatasetError} if the box or the score is invalid. */
  add(image: number, x: number, y: number, w: number, h: number, score: number, where: () => string): void {
    if (!(w >= 0 && h >= 0 && Math.abs(x + y) < 1e6 && w + h < 1e6)) checkBox(x, y, w, h, this.#rules, where());
    if (!Number.isFinite(score)) {
      throw new DatasetError(`${where()}: expected a finite number as score, got ${score}; correct the file`);
    }
    this.#imageOf.push(image);
    this.#boxes.push(x);
    this.#boxes.push(y);
    this.#boxes.push(w);
    this.#boxes.push(h);
    this.#scores.push(score);
  }

  /** @param namedBy `id` if the names are ids of the annotations. */
  build(namedBy?: 'id'): Predictions {
    const grouping = groupByImage(this.#imageOf.view(), this.#names.length);
    const landmarks = this.landmarks.build(this.count, grouping);
    return {
      images: this.#names,
      ...(namedBy === undefined ? {} : { namedBy }),
      start: grouping.start,
      boxesXywh: inOrder(this.#boxes.view(), 4, grouping),
      scores: inOrder(this.#scores.view(), 1, grouping),
      ...(landmarks === undefined ? {} : { landmarks }),
    };
  }
}
