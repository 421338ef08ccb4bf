import type { Annotations } from '../set/annotations.js';
import { attributeAt, hasPoints, inParts, lossesOf } from '../writing/contents.js';
import type { WrittenSet } from '../writing/written-files.js';

/** Annotations as COCO's JSON, one category `face`; `difficult` and attributes are members that COCO does not know. */
export function writeCocoAnnotations(annotations: Annotations): WrittenSet {
  const holds = {
    landmarks: true,
    crowd: true,
    ignored: true,
    difficult: true,
    areas: true,
    sizes: true,
    ids: true,
    attribute: () => true,
  };
  return {
    kind: 'file',
    files: [{ name: '', parts: inParts(textOf(annotations)) }],
    losses: lossesOf(annotations, holds),
  };
}

function* textOf(annotations: Annotations): Generator<string> {
  const { images, ids, sizesPx, start, landmarks } = annotations;
  const category = {
    id: 1,
    name: 'face',
    ...(landmarks === undefined ? {} : { keypoints: landmarks.names, skeleton: [] }),
  };
  yield '{"images":[';
  for (let image = 0; image < images.length; image++) {
    const [width, height] = [sizesPx[2 * image], sizesPx[2 * image + 1]];
    const size = width > 0 ? { width, height } : {};
    const written = { id: ids?.[image] ?? image + 1, file_name: images[image], ...size };
    yield `${image === 0 ? '\n' : ',\n'}${JSON.stringify(written)}`;
  }
  yield '\n],"annotations":[';
  let image = 0;
  for (let face = 0; face < start[images.length]; face++) {
    while (face >= start[image + 1]) image++;
    yield `${face === 0 ? '\n' : ',\n'}${JSON.stringify(faceOf(annotations, face, ids?.[image] ?? image + 1))}`;
  }
  yield `\n],"categories":[${JSON.stringify(category)}]}\n`;
}

function faceOf(annotations: Annotations, face: number, imageId: number | string): object {
  const { boxesXywh, areasPx, crowd, ignored, difficult, landmarks } = annotations;
  const box = [...boxesXywh.subarray(4 * face, 4 * face + 4)];
  const attributes: [string, number | string][] = [];
  for (const [name, column] of annotations.attributes) {
    const value = attributeAt(column, face);
    if (value !== undefined) attributes.push([name, value]);
  }
  return {
    id: face + 1,
    image_id: imageId,
    category_id: 1,
    bbox: box,
    area: areasPx?.[face] ?? Math.abs(box[2] * box[3]),
    iscrowd: crowd[face],
    ignore: ignored[face],
    ...(difficult[face] === 1 ? { difficult: 1 } : {}),
    ...(landmarks !== undefined && hasPoints(landmarks, face) ? keypointsOf(landmarks, face) : {}),
    ...(attributes.length === 0 ? {} : { attributes: Object.fromEntries(attributes) }),
  };
}

function keypointsOf(
  { names, points, visibility }: NonNullable<Annotations['landmarks']>,
  face: number,
): { keypoints: number[]; num_keypoints: number } {
  const keypoints: number[] = [];
  let given = 0;
  for (let point = 0; point < names.length; point++) {
    const at = names.length * face + point;
    const there = !Number.isNaN(points[2 * at]);
    if (there) given++;
    keypoints.push(there ? points[2 * at] : 0, there ? points[2 * at + 1] : 0, there ? (visibility?.[at] ?? 2) : 0);
  }
  return { keypoints, num_keypoints: given };
}
