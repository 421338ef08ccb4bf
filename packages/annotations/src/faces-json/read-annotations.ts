import { type Fields, fieldsOf, type JsonObject } from '../coco/field.js';
import { fivePoints } from '../label-text/read-annotations.js';
import type { ReadingContext } from '../reading/reading.js';
import type { Annotations } from '../set/annotations.js';
import { AnnotationsBuilder, type AttributeValue, type FaceRow } from '../set/annotations-builder.js';
import { readJsonElements } from '../source/json-elements.js';
import { type ByteSource, openSource } from '../source/open-source.js';

/** Members of a face that are not attributes. */
const ownMembers = new Set([
  'box',
  'landmarks',
  'visibility',
  'splits',
  'area',
  'crowd',
  'ignored',
  'difficult',
  'invalid',
  'attributes',
]);

/**
 * Read annotations in this project's JSON (`wider_face_val.json`): `{ "version": 1, "images": [{ "name", "width", "height", "faces":
 * [{ "box": [x, y, w, h], ... }] }] }`. Of a face, `landmarks` are points `[x, y]` or null where one is not given, `crowd`,
 * `ignored`, `difficult` and `area` are as elsewhere, `invalid` 1 is ignored, and any other number or word is an attribute;
 * `splits` become the attribute `splits`, joined by `+`.
 *
 * @param file read in parts, of any size; once more where `landmarks`, the names of the points, stand behind the images.
 * @throws {DatasetError} with the member, if it is something else.
 * Cost: O(bytes).
 */
export function readFacesJson(file: string, context: ReadingContext): Annotations {
  return readFaces(() => openSource(file), file, context);
}

/** As `readFacesJson`, from any source of bytes. */
export function readFaces(open: () => ByteSource, place: string, context: ReadingContext): Annotations {
  const first = new FacesReader(place, context, undefined);
  first.read(open());
  const { lateNames } = first;
  if (lateNames === undefined) return first.build();
  const again = new FacesReader(place, context, lateNames);
  again.read(open());
  return again.build();
}

class FacesReader {
  /** Names of the points that were found behind images. */
  lateNames: readonly string[] | undefined;
  readonly #fields: Fields;
  readonly #context: ReadingContext;
  readonly #builder: AnnotationsBuilder;
  #names: readonly string[] | undefined;
  #version: unknown;
  #sawImages = false;

  /** @param names of the points, where they are known before. */
  constructor(place: string, context: ReadingContext, names: readonly string[] | undefined) {
    this.#fields = fieldsOf(place);
    this.#context = context;
    this.#builder = new AnnotationsBuilder(place, {
      negativeSizes: context.negativeSizes ?? 'keep',
      keepFlag: `${context.flag('negativeSizes')} keep`,
    });
    this.#names = names;
    if (names !== undefined) this.#builder.landmarks.setNames(names);
  }

  read(source: ByteSource): void {
    const names: unknown[] = [];
    let hasNames = false;
    const member = (key: string, value: unknown): void => {
      if (key === 'version') this.#version = value;
      else if (key === 'images' || key === 'landmarks') throw this.#fields.error(key, 'a list', value);
    };
    const elements = (key: string | undefined, values: readonly unknown[], first: number): void => {
      if (key === undefined) throw this.#fields.error('the file', 'an object', values);
      if (key === 'version') throw this.#fields.error('version', '1', values);
      if (key === 'landmarks') {
        hasNames = true;
        for (const value of values) names.push(value);
      } else if (key === 'images') {
        if (!this.#sawImages && hasNames) this.#setNames(names);
        this.#sawImages = true;
        this.#images(values, first);
      }
    };
    try {
      readJsonElements(source, { elements, member }, (bytes) => this.#context.onRead?.(bytes, source.sizeBytes));
    } finally {
      source.close();
    }
    if (this.#version !== 1) throw this.#fields.error('version', '1', this.#version);
    if (!this.#sawImages) throw this.#fields.error('images', 'a list', undefined);
    if (hasNames && this.#names === undefined) this.lateNames = this.#checkedNames(names);
  }

  build(): Annotations {
    return this.#builder.build();
  }

  #setNames(names: readonly unknown[]): void {
    this.#names ??= this.#checkedNames(names);
    this.#builder.landmarks.setNames(this.#names);
  }

  #checkedNames(names: readonly unknown[]): readonly string[] {
    if (names.every((name) => typeof name === 'string')) return names;
    throw this.#fields.error('landmarks', 'a list of names', names);
  }

  #images(values: readonly unknown[], first: number): void {
    const fields = this.#fields;
    values.forEach((value, index) => {
      const path = `images[${first + index}]`;
      const image = fields.object(value, () => path);
      const side = (key: string): number =>
        image[key] === undefined ? 0 : fields.number(image[key], () => `${path}.${key}`);
      const name = fields.text(image.name, () => `${path}.name`);
      const added = this.#builder.addImage(name, `${fields.place}: ${path}`, [side('width'), side('height')]);
      if (!Array.isArray(image.faces)) throw fields.error(`${path}.faces`, 'a list', image.faces);
      (image.faces as readonly unknown[]).forEach((face, position) => {
        const facePath = `${path}.faces[${position}]`;
        const unnamed = this.#names === undefined ? this.#builder : undefined;
        const row = readFace(
          fields.object(face, () => facePath),
          facePath,
          fields,
          unnamed,
        );
        this.#builder.addFace(added, row, `${fields.place}: ${facePath}.box`);
      });
    });
  }
}

function readFace(face: JsonObject, path: string, fields: Fields, unnamed: AnnotationsBuilder | undefined): FaceRow {
  const member = (name: string) => () => `${path}.${name}`;
  const [x, y, w, h] = fields.numbers(face.box, 4, member('box'));
  const points = face.landmarks === undefined ? undefined : readPoints(face.landmarks, member('landmarks')(), fields);
  if (points?.length === 10) unnamed?.landmarks.setNames(fivePoints);
  return {
    box: [x, y, w, h],
    areaPx: face.area === undefined ? undefined : fields.number(face.area, member('area')),
    crowd: fields.flag(face.crowd, member('crowd')),
    ignored: fields.flag(face.ignored, member('ignored')) || fields.flag(face.invalid, member('invalid')),
    difficult: fields.flag(face.difficult, member('difficult')),
    points,
    visibility:
      face.visibility === undefined
        ? undefined
        : fields.numbers(face.visibility, (points?.length ?? 0) / 2, member('visibility')),
    attributes: attributesOf(face, path, fields),
  };
}

function readPoints(value: unknown, path: string, fields: Fields): number[] {
  if (!Array.isArray(value)) throw fields.error(path, 'a list of points', value);
  return (value as readonly unknown[]).flatMap((point, index) =>
    point === null ? [Number.NaN, Number.NaN] : fields.numbers(point, 2, () => `${path}[${index}]`),
  );
}

function attributesOf(face: JsonObject, path: string, fields: Fields): (readonly [string, AttributeValue])[] {
  const found: (readonly [string, AttributeValue])[] = [];
  const add = (name: string, value: unknown): void => {
    if (value === null) return;
    if (typeof value === 'boolean') found.push([name, String(value)]);
    else if (typeof value === 'number' || typeof value === 'string') found.push([name, value]);
    else throw fields.error(`${path}.${name.slice(0, 60)}`, 'a number or a word', value);
  };
  for (const [name, value] of Object.entries(face)) if (!ownMembers.has(name)) add(name, value);
  if (face.attributes !== undefined) {
    for (const [name, value] of Object.entries(fields.object(face.attributes, () => `${path}.attributes`)))
      add(name, value);
  }
  if (face.splits !== undefined) {
    if (!Array.isArray(face.splits) || !face.splits.every((split) => typeof split === 'string')) {
      throw fields.error(`${path}.splits`, 'a list of words', face.splits);
    }
    if (face.splits.length > 0) found.push(['splits', face.splits.join('+')]);
  }
  return found;
}
