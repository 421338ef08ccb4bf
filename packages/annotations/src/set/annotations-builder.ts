import { DatasetError } from '@retinabench/core';
import type { Annotations, AttributeColumn } from './annotations.js';
import { type BoxRules, checkBox } from './check-box.js';
import { type Grouping, GrowingNumbers, groupByImage, inOrder } from './growing-columns.js';
import { imageName } from './image-name.js';
import { LandmarksBuilder } from './landmarks-builder.js';
import { ownText } from './own-text.js';
import { quoteName } from './quote-name.js';

/** A value of a face: a number, a word, or nothing. */
export type AttributeValue = string | number | undefined;

/** What a reader knows of a face. */
export interface FaceRow {
  /** (x, y, w, h), continuous pixels. */
  readonly box: readonly [number, number, number, number];
  readonly areaPx?: number | undefined;
  readonly crowd?: boolean;
  readonly ignored?: boolean;
  readonly difficult?: boolean;
  /** (x, y) of each point, NaN where not given; absent: none is. */
  readonly points?: ArrayLike<number> | undefined;
  readonly visibility?: ArrayLike<number> | undefined;
  readonly attributes?: Iterable<readonly [name: string, value: AttributeValue]>;
}

/** Most columns of attributes: a file of which every face has names of its own is not what it is taken for. */
const mostAttributes = 1000;

/** Collects images and faces, in any order, into `Annotations`. */
export class AnnotationsBuilder {
  /** Names of the points of all faces; set before the first face with points. */
  readonly landmarks: LandmarksBuilder;
  readonly #place: string;
  readonly #rules: BoxRules;
  readonly #names: string[] = [];
  readonly #ids: (number | string)[] = [];
  readonly #places = new Map<string, number>();
  readonly #sizes: number[] = [];
  readonly #imageOf = new GrowingNumbers();
  readonly #boxes = new GrowingNumbers();
  readonly #areas = new GrowingNumbers();
  readonly #flags = new GrowingNumbers();
  readonly #attributes = new Map<string, AttributeValue[]>();
  #ownAreas = false;

  /** @param place the file or folder, for messages. */
  constructor(place: string, rules: BoxRules) {
    this.#place = place;
    this.#rules = rules;
    this.landmarks = new LandmarksBuilder();
  }

  get imageCount(): number {
    return this.#names.length;
  }

  get faceCount(): number {
    return this.#imageOf.length;
  }

  /** Width and height of an image, 0 where not known. */
  sizeOf(image: number): readonly [number, number] {
    return [this.#sizes[2 * image], this.#sizes[2 * image + 1]];
  }

  /** The index of an image that was added; undefined if there is none of the name. */
  find(name: string, where: string): number | undefined {
    return this.#places.get(imageName(name, where));
  }

  /**
   * Add an image.
   *
   * @param where its place in the file, for messages.
   * @returns its index.
   * @throws {DatasetError} if its name is not a path or was there already, or a size is invalid.
   */
  addImage(name: string, where: string, size: readonly [number, number] = [0, 0], id?: number | string): number {
    const clean = ownText(imageName(name, where));
    if (this.#places.has(clean)) {
      throw new DatasetError(
        `${where}: expected each image once, got ${quoteName(clean)} again; remove one of the two`,
      );
    }
    const image = this.#names.length;
    this.#places.set(clean, image);
    this.#names.push(clean);
    if (id !== undefined) this.#ids.push(id);
    this.#sizes.push(0, 0);
    this.setSize(image, size, where);
    return image;
  }

  /** @throws {DatasetError} if it is not a size, or differs from the size that was given before. */
  setSize(image: number, [width, height]: readonly [number, number], where: string): void {
    const [oldWidth, oldHeight] = this.sizeOf(image);
    const fits = (side: number): boolean => Number.isInteger(side) && side >= 0 && side <= 2 ** 31 - 1;
    if (!fits(width) || !fits(height)) {
      throw new DatasetError(
        `${where}: expected width and height of the image in whole pixels, got ${width} and ${height}; correct them`,
      );
    }
    if (oldWidth > 0 && (oldWidth !== width || oldHeight !== height)) {
      throw new DatasetError(
        `${where}: expected the size ${oldWidth} x ${oldHeight} that ${quoteName(this.#names[image])} has before, got ${width} x ${height}; correct one of them`,
      );
    }
    this.#sizes[2 * image] = width;
    this.#sizes[2 * image + 1] = height;
  }

  /** @throws {DatasetError} if the box or a point is invalid. */
  addFace(image: number, face: FaceRow, where: string): void {
    const [x, y, w, h] = face.box;
    checkBox(x, y, w, h, this.#rules, where);
    const { areaPx = w * h } = face;
    if (!(areaPx >= 0) && face.areaPx !== undefined) {
      throw new DatasetError(`${where}: expected an area of at least 0, got ${areaPx}; correct it`);
    }
    const row = this.faceCount;
    this.#imageOf.push(image);
    for (const side of face.box) this.#boxes.push(side);
    this.#areas.push(areaPx);
    if (areaPx !== w * h) this.#ownAreas = true;
    this.#flags.push((face.crowd ? 1 : 0) + (face.ignored ? 2 : 0) + (face.difficult ? 4 : 0));
    if (face.points !== undefined) this.landmarks.add(row, face.points, face.visibility, where);
    if (face.attributes === undefined) return;
    for (const [name, value] of face.attributes) this.#setAttribute(row, name, value, where);
  }

  build(): Annotations {
    if (this.#names.length === 0) {
      throw new DatasetError(`${this.#place}: expected at least one image, got none; choose other annotations`);
    }
    const faces = this.faceCount;
    const grouping = groupByImage(this.#imageOf.view(), this.#names.length);
    const flags = inOrder(this.#flags.view(), 1, grouping);
    const flag = (bit: number): Uint8Array => Uint8Array.from(flags, (value) => (value & bit ? 1 : 0));
    const landmarks = this.landmarks.build(faces, grouping);
    return {
      images: this.#names,
      ...(this.#ids.length === this.#names.length ? { ids: this.#ids } : {}),
      sizesPx: Int32Array.from(this.#sizes),
      start: grouping.start,
      boxesXywh: inOrder(this.#boxes.view(), 4, grouping),
      ...(this.#ownAreas ? { areasPx: inOrder(this.#areas.view(), 1, grouping) } : {}),
      crowd: flag(1),
      ignored: flag(2),
      difficult: flag(4),
      ...(landmarks === undefined ? {} : { landmarks }),
      attributes: this.#buildAttributes(faces, grouping),
    };
  }

  #setAttribute(row: number, name: string, value: AttributeValue, where: string): void {
    if (value === undefined || value === '') return;
    let column = this.#attributes.get(name);
    if (column === undefined) {
      if (this.#attributes.size === mostAttributes) {
        throw new DatasetError(
          `${where}: expected at most ${mostAttributes} attributes by name, got one more; are names and values exchanged?`,
        );
      }
      column = [];
      this.#attributes.set(name, column);
    }
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new DatasetError(
        `${where}: expected a finite number as ${JSON.stringify(name.slice(0, 60))}, got ${value}; leave the value out where there is none`,
      );
    }
    while (column.length < row) column.push(undefined);
    column[row] = value;
  }

  #buildAttributes(faces: number, { order }: Grouping): Map<string, AttributeColumn> {
    const built = new Map<string, AttributeColumn>();
    for (const [name, column] of this.#attributes) {
      const at = (face: number): AttributeValue => column[order === undefined ? face : order[face]];
      const isNumber = column.every((value) => value === undefined || typeof value === 'number');
      built.set(
        name,
        isNumber
          ? {
              kind: 'number',
              values: Float64Array.from({ length: faces }, (_, face) => Number(at(face) ?? Number.NaN)),
            }
          : {
              kind: 'word',
              values: Array.from({ length: faces }, (_, face) => {
                const value = at(face);
                return value === undefined ? undefined : String(value);
              }),
            },
      );
    }
    return built;
  }
}
