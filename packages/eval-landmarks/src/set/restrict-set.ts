import type { AttributeColumn } from '@retinabench/annotations';
import type { LandmarkSet } from './landmark-set.js';

/**
 * The faces of some images of a set, which names its images.
 *
 * @param keep of each image by its index; the others and their faces are left out.
 */
export function restrictSet(set: LandmarkSet, keep: (image: number) => boolean): LandmarkSet {
  const { images = [], imageOf = new Int32Array(0), imageIds, scheme } = set;
  const kept = images.map((_, image) => image).filter(keep);
  const place = new Map(kept.map((image, at) => [image, at]));
  const faces = Array.from(imageOf.keys()).filter((face) => place.has(imageOf[face]));
  const rows = (values: Float64Array, width: number): Float64Array =>
    Float64Array.from(faces.flatMap((face) => [...values.subarray(face * width, (face + 1) * width)]));
  const { visibility, boxesXywh, scores } = set;
  return {
    place: set.place,
    faces: faces.length,
    scheme,
    points: rows(set.points, scheme.count * 2),
    images: kept.map((image) => images[image]),
    imageOf: Int32Array.from(faces, (face) => place.get(imageOf[face]) ?? 0),
    ...(imageIds === undefined ? {} : { imageIds: kept.map((image) => imageIds[image]) }),
    ...(visibility === undefined
      ? {}
      : { visibility: Uint8Array.from(rows(Float64Array.from(visibility), scheme.count)) }),
    ...(boxesXywh === undefined ? {} : { boxesXywh: rows(boxesXywh, 4) }),
    ...(scores === undefined ? {} : { scores: rows(scores, 1) }),
    attributes: new Map([...set.attributes].map(([name, column]) => [name, ofFaces(column, faces)])),
  };
}

function ofFaces(column: AttributeColumn, faces: readonly number[]): AttributeColumn {
  return column.kind === 'word'
    ? { kind: 'word', values: faces.map((face) => column.values[face]) }
    : { kind: 'number', values: Float64Array.from(faces, (face) => column.values[face]) };
}
