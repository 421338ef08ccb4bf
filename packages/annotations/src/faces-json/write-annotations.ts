import { fivePoints } from '../label-text/read-annotations.js';
import type { Annotations, LandmarkColumn } from '../set/annotations.js';
import { attributeAt, hasPoints, inParts, lossesOf } from '../writing/contents.js';
import type { WrittenSet } from '../writing/written-files.js';

/** Attributes written beside the box, as `wider` reads them; all others go into `attributes`. */
const plainAttributes = new Set(['blur', 'expression', 'illumination', 'occlusion', 'pose']);

/** Annotations as this project's JSON, which holds everything but ids of images. */
export function writeFacesJson(annotations: Annotations): WrittenSet {
  const losses = lossesOf(annotations, {
    landmarks: true,
    crowd: true,
    ignored: true,
    difficult: true,
    areas: true,
    sizes: true,
    attribute: () => true,
  });
  return { kind: 'file', files: [{ name: '', parts: inParts(textOf(annotations)) }], losses };
}

function* textOf(annotations: Annotations): Generator<string> {
  const { images, sizesPx, start, landmarks } = annotations;
  const isNamed = landmarks !== undefined && landmarks.names.join() !== fivePoints.join();
  yield `{"version":1,${isNamed ? `"landmarks":${JSON.stringify(landmarks.names)},` : ''}"images":[`;
  for (let image = 0; image < images.length; image++) {
    const [width, height] = [sizesPx[2 * image], sizesPx[2 * image + 1]];
    const head = JSON.stringify({ name: images[image], ...(width > 0 ? { width, height } : {}) });
    yield `${image === 0 ? '' : ','}\n${head.slice(0, -1)},"faces":[`;
    for (let face = start[image]; face < start[image + 1]; face++) {
      yield `${face === start[image] ? '' : ','}\n${JSON.stringify(faceOf(annotations, face))}`;
    }
    yield ']}';
  }
  yield ']}\n';
}

function faceOf(annotations: Annotations, face: number): object {
  const { boxesXywh: boxes, areasPx, crowd, ignored, difficult, landmarks, attributes } = annotations;
  const plain: [string, unknown][] = [];
  const others: [string, unknown][] = [];
  for (const [name, column] of attributes) {
    const value = attributeAt(column, face);
    if (value === undefined) continue;
    if (name === 'splits' && typeof value === 'string') plain.push([name, value.split('+')]);
    else (plainAttributes.has(name) ? plain : others).push([name, value]);
  }
  const area = areasPx?.[face];
  return {
    box: [...boxes.subarray(4 * face, 4 * face + 4)],
    ...(area !== undefined && area !== boxes[4 * face + 2] * boxes[4 * face + 3] ? { area } : {}),
    ...(landmarks !== undefined && hasPoints(landmarks, face) ? pointsOf(landmarks, face) : {}),
    ...(crowd[face] === 1 ? { crowd: 1 } : {}),
    ...(ignored[face] === 1 ? { ignored: 1 } : {}),
    ...(difficult[face] === 1 ? { difficult: 1 } : {}),
    ...Object.fromEntries(plain),
    ...(others.length === 0 ? {} : { attributes: Object.fromEntries(others) }),
  };
}

function pointsOf({ names, points, visibility }: LandmarkColumn, face: number): object {
  const first = names.length * face;
  const landmarks = names.map((_, point) => {
    const at = 2 * (first + point);
    return Number.isNaN(points[at]) ? null : [points[at], points[at + 1]];
  });
  const seen = visibility === undefined ? {} : { visibility: [...visibility.subarray(first, first + names.length)] };
  return { landmarks, ...seen };
}
