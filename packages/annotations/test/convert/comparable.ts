import type { Annotations } from '../../src/set/annotations.js';

/** What a form holds of annotations, for comparison. */
export interface Held {
  readonly points: boolean;
  readonly crowd: boolean;
  readonly ignored: boolean;
  readonly difficult: boolean;
  readonly areas: boolean;
  readonly sizes: boolean;
  readonly attributes: readonly string[];
}

const all: Held = {
  points: true,
  crowd: true,
  ignored: true,
  difficult: true,
  areas: true,
  sizes: true,
  attributes: ['blur', 'quality', 'who'],
};
const none: Held = {
  points: false,
  crowd: false,
  ignored: false,
  difficult: false,
  areas: false,
  sizes: false,
  attributes: [],
};

/** By docs/annotations.md. */
export const heldBy = {
  coco: all,
  csv: all,
  'faces-json': all,
  voc: { ...none, difficult: true, sizes: true, attributes: all.attributes },
  yolo: { ...none, points: true, sizes: true },
  wider: { ...none, ignored: true, attributes: ['blur'] },
  'label-text': { ...none, points: true, attributes: ['quality'] },
} as const satisfies Record<string, Held>;

/** What two forms hold together. */
export function both(a: Held, b: Held): Held {
  return {
    points: a.points && b.points,
    crowd: a.crowd && b.crowd,
    ignored: a.ignored && b.ignored,
    difficult: a.difficult && b.difficult,
    areas: a.areas && b.areas,
    sizes: a.sizes && b.sizes,
    attributes: a.attributes.filter((name) => b.attributes.includes(name)),
  };
}

/**
 * Annotations as plain values, image by image in the order of their names, with what a form holds and nothing else.
 *
 * @param zeroBlur a missing `blur` counts as 0, which is what the text of WIDER FACE has for it.
 */
export function comparable(annotations: Annotations, held: Held, zeroBlur: boolean): unknown {
  const { images, start, sizesPx, boxesXywh, areasPx, landmarks } = annotations;
  const order = images.map((_, image) => image).sort((a, b) => (images[a] < images[b] ? -1 : 1));
  return order.map((image) => ({
    name: images[image],
    size: held.sizes ? [...sizesPx.subarray(2 * image, 2 * image + 2)] : undefined,
    faces: Array.from({ length: start[image + 1] - start[image] }, (_, index) => {
      const face = start[image] + index;
      const points = landmarks?.points.subarray(10 * face, 10 * face + 10) ?? new Float64Array(10).fill(Number.NaN);
      const seen = [0, 1, 2, 3, 4].map(
        (point) => landmarks?.visibility?.[5 * face + point] ?? (Number.isNaN(points[2 * point]) ? 0 : 2),
      );
      return {
        box: [...boxesXywh.subarray(4 * face, 4 * face + 4)],
        area: held.areas ? (areasPx?.[face] ?? boxesXywh[4 * face + 2] * boxesXywh[4 * face + 3]) : undefined,
        crowd: held.crowd ? annotations.crowd[face] : undefined,
        ignored: held.ignored ? annotations.ignored[face] : undefined,
        difficult: held.difficult ? annotations.difficult[face] : undefined,
        points: held.points ? [...points] : undefined,
        seen: held.points ? seen : undefined,
        attributes: held.attributes.map((name) => {
          const value = annotations.attributes.get(name)?.values[face];
          const there = typeof value === 'number' && Number.isNaN(value) ? undefined : value;
          return name === 'blur' && zeroBlur ? (there ?? 0) : there;
        }),
      };
    }),
  }));
}
