import { DatasetError, readUncheckedJson } from '@retinabench/core';
import { type Fields, fieldsOf, type JsonObject } from '../coco/field.js';
import { fivePoints } from '../label-text/read-annotations.js';
import type { ReadingContext } from '../reading/reading.js';
import type { Annotations } from '../set/annotations.js';
import { AnnotationsBuilder, type AttributeValue, type FaceRow } from '../set/annotations-builder.js';

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
 * @param text  of the file. @param place its name, for messages.
 * @throws {DatasetError} with the member, if it is something else.
 * Cost: O(text).
 */
export function readFacesJson(text: string, place: string, context: ReadingContext): Annotations {
  const fields = fieldsOf(place);
  const document = fields.object(
    readUncheckedJson(text, place, { what: 'face annotations', next: 'correct the file', ErrorClass: DatasetError }),
    () => 'the file',
  );
  if (document.version !== 1) throw fields.error('version', '1', document.version);
  if (!Array.isArray(document.images)) throw fields.error('images', 'a list', document.images);
  const builder = new AnnotationsBuilder(place, {
    negativeSizes: context.negativeSizes ?? 'keep',
    keepFlag: `${context.flag('negativeSizes')} keep`,
  });
  const { landmarks } = document;
  if (landmarks !== undefined) {
    if (!Array.isArray(landmarks) || !landmarks.every((name) => typeof name === 'string')) {
      throw fields.error('landmarks', 'a list of names', landmarks);
    }
    builder.landmarks.setNames(landmarks as string[]);
  }
  (document.images as readonly unknown[]).forEach((value, index) => {
    const path = `images[${index}]`;
    const image = fields.object(value, () => path);
    const side = (key: string): number =>
      image[key] === undefined ? 0 : fields.number(image[key], () => `${path}.${key}`);
    const name = fields.text(image.name, () => `${path}.name`);
    const added = builder.addImage(name, `${place}: ${path}`, [side('width'), side('height')]);
    if (!Array.isArray(image.faces)) throw fields.error(`${path}.faces`, 'a list', image.faces);
    (image.faces as readonly unknown[]).forEach((face, position) => {
      const facePath = `${path}.faces[${position}]`;
      const row = readFace(
        fields.object(face, () => facePath),
        facePath,
        fields,
        landmarks === undefined ? builder : undefined,
      );
      builder.addFace(added, row, `${place}: ${facePath}.box`);
    });
  });
  return builder.build();
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
