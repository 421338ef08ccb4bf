import { DatasetError } from '@retinabench/core';
import { type Category, chooseCategory } from '../reading/choose-category.js';
import type { ReadingContext } from '../reading/reading.js';
import type { Annotations } from '../set/annotations.js';
import { AnnotationsBuilder } from '../set/annotations-builder.js';
import { readJsonElements } from '../source/json-elements.js';
import { type ByteSource, openSource } from '../source/open-source.js';
import { attributesOf } from './attributes-of.js';
import { type Fields, fieldsOf, type JsonObject } from './field.js';

/** What COCO annotations are read to. */
export interface CocoAnnotations {
  readonly annotations: Annotations;
  /** The class of the faces; absent if the file names none. */
  readonly category?: Category;
}

/** A category as the file has it. */
interface CocoCategory extends Category {
  readonly keypoints: readonly string[];
}

/** Annotations of files up to this size are held until images and categories are known; larger files are read twice. */
const mostHeldBytes = 128e6;

/**
 * Read annotations in COCO's JSON: `images` (id, file_name, width, height), `annotations` (image_id, category_id, bbox, area,
 * iscrowd, ignore, keypoints, and difficult, which this program writes) and `categories`, in any order. Further members of an annotation, and those of its `attributes`,
 * become attributes if they are numbers, words or truth values.
 *
 * @param file read in parts, of any size.
 * @throws {DatasetError} with the member, if the file is malformed, an id or file name occurs twice, an annotation refers to
 * nothing, or it is not clear which category is a face.
 * Cost: O(bytes).
 */
export function readCocoAnnotations(file: string, context: ReadingContext): CocoAnnotations {
  return readCoco(() => openSource(file), file, context);
}

/** As `readCocoAnnotations`, from any source of bytes; `open` is called once more for a large file. */
export function readCoco(open: () => ByteSource, place: string, context: ReadingContext): CocoAnnotations {
  const reader = new CocoReader(place, context);
  const source = open();
  const held: (readonly [values: readonly unknown[], first: number])[] | undefined =
    source.sizeBytes <= mostHeldBytes ? [] : undefined;
  const seen = new Set<string>();
  const elements = (key: string | undefined, values: readonly unknown[], first: number): void => {
    if (key !== undefined) seen.add(key);
    if (key === 'images') reader.images(values, first);
    else if (key === 'categories') reader.categories(values, first);
    else if (key === 'annotations') held?.push([values, first]);
  };
  const kind = pass(source, { elements, member: () => undefined }, context);
  if (kind === 'array') {
    throw new DatasetError(
      `${place}: expected COCO annotations, an object with images and annotations, got a list; are these results? Then they are predictions`,
    );
  }
  for (const key of ['images', 'annotations']) {
    if (!seen.has(key)) {
      throw new DatasetError(`${place}: expected COCO annotations with a list ${key}, got none; choose another file`);
    }
  }
  reader.begin();
  for (const [values, first] of held ?? []) reader.annotations(values, first);
  if (held === undefined) {
    const again = (key: string | undefined, values: readonly unknown[], first: number): void => {
      if (key === 'annotations') reader.annotations(values, first);
    };
    pass(open(), { elements: again, member: () => undefined }, context);
  }
  return reader.build();
}

function pass(
  source: ByteSource,
  visitor: Parameters<typeof readJsonElements>[1],
  context: ReadingContext,
): 'array' | 'object' {
  try {
    return readJsonElements(source, visitor, (bytes) => context.onRead?.(bytes, source.sizeBytes));
  } finally {
    source.close();
  }
}

class CocoReader {
  readonly #fields: Fields;
  readonly #context: ReadingContext;
  readonly #builder: AnnotationsBuilder;
  readonly #imageOf = new Map<number | string, number>();
  readonly #categories = new Map<number | string, CocoCategory>();
  readonly #annotationIds = new Set<number | string>();
  #face: CocoCategory | undefined;
  #otherFaces = 0;

  constructor(place: string, context: ReadingContext) {
    this.#fields = fieldsOf(place);
    this.#context = context;
    this.#builder = new AnnotationsBuilder(place, {
      negativeSizes: context.negativeSizes ?? 'refuse',
      keepFlag: `${context.flag('negativeSizes')} keep`,
    });
  }

  images(values: readonly unknown[], first: number): void {
    const fields = this.#fields;
    values.forEach((value, index) => {
      const path = `images[${first + index}]`;
      const image = fields.object(value, () => path);
      const id = fields.id(image.id, () => `${path}.id`);
      if (this.#imageOf.has(id)) throw fields.error(`${path}.id`, 'each id once', id);
      const name = fields.text(image.file_name, () => `${path}.file_name`);
      const side = (key: 'width' | 'height'): number => {
        const length = image[key];
        return length === undefined || length === null ? 0 : fields.number(length, () => `${path}.${key}`);
      };
      const where = `${fields.place}: ${path}`;
      this.#imageOf.set(id, this.#builder.addImage(name, where, [side('width'), side('height')], id));
    });
  }

  categories(values: readonly unknown[], first: number): void {
    const fields = this.#fields;
    values.forEach((value, index) => {
      const path = `categories[${first + index}]`;
      const category = fields.object(value, () => path);
      const id = fields.id(category.id, () => `${path}.id`);
      if (this.#categories.has(id)) throw fields.error(`${path}.id`, 'each id once', id);
      const name = fields.text(category.name, () => `${path}.name`);
      const { keypoints = [] } = category;
      if (!Array.isArray(keypoints) || !keypoints.every((point) => typeof point === 'string')) {
        throw fields.error(`${path}.keypoints`, 'a list of names', keypoints);
      }
      this.#categories.set(id, { id, name, keypoints: keypoints as string[] });
    });
  }

  /** Called when images and categories are known. */
  begin(): void {
    if (this.#categories.size === 0) return;
    const categories = [...this.#categories.values()];
    const face = chooseCategory(categories, this.#fields.place, this.#context);
    this.#face = this.#categories.get(face.id);
    const names = this.#face?.keypoints ?? [];
    if (names.length > 0) this.#builder.landmarks.setNames(names);
  }

  annotations(values: readonly unknown[], first: number): void {
    for (let index = 0; index < values.length; index++) this.#annotation(values[index], first + index);
  }

  #annotation(value: unknown, index: number): void {
    const fields = this.#fields;
    const path = (member: string) => () => `annotations[${index}]${member}`;
    const face = fields.object(value, path(''));
    if (face.id !== undefined) {
      const id = fields.id(face.id, path('.id'));
      if (this.#annotationIds.has(id)) throw fields.error(path('.id')(), 'each id once', id);
      this.#annotationIds.add(id);
    }
    const image = this.#imageOf.get(fields.id(face.image_id, path('.image_id')));
    if (image === undefined) throw fields.error(path('.image_id')(), 'the id of one of the images', face.image_id);
    if (!this.#isFace(face, path('.category_id'))) return;
    const [x, y, w, h] = fields.numbers(face.bbox, 4, path('.bbox'));
    const area = face.area;
    this.#builder.addFace(
      image,
      {
        box: [x, y, w, h],
        areaPx: area === undefined || area === null ? undefined : fields.number(area, path('.area')),
        crowd: fields.flag(face.iscrowd, path('.iscrowd')),
        ignored: fields.flag(face.ignore, path('.ignore')),
        difficult: fields.flag(face.difficult, path('.difficult')),
        ...this.#keypoints(face, path('.keypoints')),
        attributes: attributesOf(face),
      },
      `${fields.place}: annotations[${index}].bbox`,
    );
  }

  #isFace(face: JsonObject, path: () => string): boolean {
    const { category_id: category } = face;
    if (category === undefined && this.#categories.size <= 1) return true;
    const id = this.#fields.id(category, path);
    if (this.#categories.size === 0) {
      this.#face ??= { id, name: String(id), keypoints: [] };
      if (id === this.#face.id) return true;
      throw this.#fields.error(path(), `one category, or a list that names them, beside ${this.#face.id}`, id);
    }
    if (!this.#categories.has(id)) throw this.#fields.error(path(), 'the id of one of the categories', id);
    if (id === this.#face?.id) return true;
    this.#otherFaces++;
    return false;
  }

  #keypoints(face: JsonObject, path: () => string): { points?: number[]; visibility?: number[] } {
    if (face.keypoints === undefined || face.keypoints === null) return {};
    const values = this.#fields.numbers(face.keypoints, undefined, path);
    if (values.length === 0) return {};
    if (values.length % 3 !== 0) throw this.#fields.error(path(), 'x, y and visibility of each point', values);
    const points: number[] = [];
    const visibility: number[] = [];
    for (let at = 0; at < values.length; at += 3) {
      const seen = values[at + 2];
      if (seen !== 0 && seen !== 1 && seen !== 2) {
        throw this.#fields.error(`${path()}[${at + 2}]`, 'a visibility of 0, 1 or 2', seen);
      }
      points.push(seen === 0 ? Number.NaN : values[at], seen === 0 ? Number.NaN : values[at + 1]);
      visibility.push(seen);
    }
    return { points, visibility };
  }

  build(): CocoAnnotations {
    if (this.#otherFaces > 0) {
      this.#context.note(`${this.#otherFaces} annotations of other categories are left out`);
    }
    const annotations = this.#builder.build();
    return { annotations, ...(this.#face === undefined ? {} : { category: this.#face }) };
  }
}
