import type { Annotations, AttributeColumn, LandmarkColumn } from '../set/annotations.js';
import type { Loss } from './written-files.js';

/** What annotations hold beside images and boxes. */
export interface Contents {
  readonly faces: number;
  /** Faces with any point. */
  readonly landmarks: number;
  readonly crowd: number;
  readonly ignored: number;
  readonly difficult: number;
  /** Faces whose area is another than width times height. */
  readonly areas: number;
  readonly sizes: number;
  readonly ids: number;
  /** Faces with a value, by attribute. */
  readonly attributes: ReadonlyMap<string, number>;
}

/** Count what annotations hold. Cost: O(faces). */
export function contentsOf(annotations: Annotations): Contents {
  const { boxesXywh: boxes, areasPx, crowd, ignored, difficult, sizesPx, ids } = annotations;
  const faces = boxes.length / 4;
  const ones = (flags: Uint8Array): number => flags.reduce((sum, flag) => sum + flag, 0);
  let areas = 0;
  for (let face = 0; areasPx !== undefined && face < faces; face++) {
    if (areasPx[face] !== boxes[4 * face + 2] * boxes[4 * face + 3]) areas++;
  }
  let sizes = 0;
  for (let side = 0; side < sizesPx.length; side += 2) if (sizesPx[side] > 0) sizes++;
  return {
    faces,
    landmarks: facesWithPoints(annotations.landmarks, faces),
    crowd: ones(crowd),
    ignored: ones(ignored),
    difficult: ones(difficult),
    areas,
    sizes,
    ids: ids?.length ?? 0,
    attributes: new Map([...annotations.attributes].map(([name, column]) => [name, valuesIn(column)])),
  };
}

/** Faces of which any point is given. */
export function facesWithPoints(landmarks: LandmarkColumn | undefined, faces: number): number {
  let count = 0;
  for (let face = 0; landmarks !== undefined && face < faces; face++) if (hasPoints(landmarks, face)) count++;
  return count;
}

/** Whether any point of a face is given. */
export function hasPoints({ names, points }: LandmarkColumn, face: number): boolean {
  const width = 2 * names.length;
  for (let at = width * face; at < width * (face + 1); at += 2) if (!Number.isNaN(points[at])) return true;
  return false;
}

/** The value of an attribute of a face; undefined if it has none. */
export function attributeAt(column: AttributeColumn, face: number): number | string | undefined {
  if (column.kind === 'word') return column.values[face];
  return Number.isNaN(column.values[face]) ? undefined : column.values[face];
}

function valuesIn(column: AttributeColumn): number {
  let count = 0;
  for (let face = 0; face < column.values.length; face++) if (attributeAt(column, face) !== undefined) count++;
  return count;
}

/** What a form holds beside images and boxes. */
export interface Holds {
  readonly landmarks?: boolean;
  readonly crowd?: boolean;
  readonly ignored?: boolean;
  readonly difficult?: boolean;
  readonly areas?: boolean;
  readonly sizes?: boolean;
  readonly ids?: boolean;
  /** Whether it holds the attribute of a name. */
  readonly attribute?: (name: string, column: AttributeColumn) => boolean;
}

/** What of annotations a form does not hold. */
export function lossesOf(annotations: Annotations, holds: Holds): Loss[] {
  const contents = contentsOf(annotations);
  const words = {
    landmarks: 'faces with landmarks',
    crowd: 'crowd flags',
    ignored: 'ignore flags',
    difficult: 'difficult flags',
    areas: 'areas other than width times height',
    sizes: 'sizes of images',
    ids: 'ids of images',
  } as const;
  const losses: Loss[] = (Object.keys(words) as (keyof typeof words)[])
    .filter((key) => holds[key] !== true && contents[key] > 0)
    .map((key) => ({ what: words[key], count: contents[key] }));
  for (const [name, column] of annotations.attributes) {
    const count = contents.attributes.get(name) ?? 0;
    if (count > 0 && holds.attribute?.(name, column) !== true) {
      losses.push({ what: `values of the attribute ${JSON.stringify(name.slice(0, 60))}`, count });
    }
  }
  return losses;
}

/** Texts joined to parts of about 64 KiB, so that few writes are needed. */
export function* inParts(texts: Iterable<string>): Generator<string> {
  let part = '';
  for (const text of texts) {
    part += text;
    if (part.length >= 65_536) {
      yield part;
      part = '';
    }
  }
  if (part !== '') yield part;
}
