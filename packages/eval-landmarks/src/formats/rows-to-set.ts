import type { AttributeColumn } from '@retinabench/annotations';
import { DatasetError } from '@retinabench/core';
import { pointScheme } from '../points/point-scheme.js';
import type { LandmarkSet } from '../set/landmark-set.js';

/** One face as a line of a format has it. */
export interface FaceRow {
  readonly where: string;
  readonly image?: string;
  /** x and y of each point. */
  readonly points: readonly number[];
  readonly boxXywh?: readonly [number, number, number, number];
  /** Of each point: 0 not given, 1 hidden, 2 visible. */
  readonly visibility?: readonly number[];
  readonly attributes?: Readonly<Record<string, number>>;
}

/**
 * Faces of a format as a set. A point of which one coordinate is NaN is not given.
 *
 * @throws {DatasetError} if there is no face, or one has another number of points than the first.
 */
export function rowsToSet(rows: readonly FaceRow[], place: string): LandmarkSet {
  if (rows.length === 0) throw new DatasetError(`${place}: expected a face, got none; check that the file is whole`);
  const [first] = rows;
  const numbers = first.points.length;
  const other = rows.find(({ points }) => points.length !== numbers);
  if (other !== undefined) {
    throw new DatasetError(
      `${other.where}: expected ${numbers / 2} points as the first face has, got ${other.points.length / 2}; correct the file`,
    );
  }
  const names = Object.keys(first.attributes ?? {});
  const attributes = names.map((name): [string, AttributeColumn] => [
    name,
    { kind: 'number', values: Float64Array.from(rows, (row) => row.attributes?.[name] ?? Number.NaN) },
  ]);
  return {
    place,
    faces: rows.length,
    scheme: pointScheme(numbers / 2),
    points: Float64Array.from(rows.flatMap(({ points }) => points)),
    ...(first.image === undefined ? {} : namesOf(rows)),
    ...(first.boxXywh === undefined
      ? {}
      : { boxesXywh: Float64Array.from(rows.flatMap(({ boxXywh = missing }) => boxXywh)) }),
    ...(first.visibility === undefined
      ? {}
      : { visibility: Uint8Array.from(rows.flatMap(({ visibility = [] }) => visibility)) }),
    attributes: new Map(attributes),
  };
}

function namesOf(rows: readonly FaceRow[]): Pick<LandmarkSet, 'images' | 'imageOf'> {
  const index = new Map<string, number>();
  const imageOf = Int32Array.from(rows, ({ image = '' }) => {
    const known = index.get(image) ?? index.size;
    index.set(image, known);
    return known;
  });
  return { images: [...index.keys()], imageOf };
}

const missing = [Number.NaN, Number.NaN, Number.NaN, Number.NaN] as const;
