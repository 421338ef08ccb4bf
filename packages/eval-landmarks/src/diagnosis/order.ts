import type { PointScheme } from '../points/point-scheme.js';
import type { LandmarkFinding, LandmarkInput } from './finding.js';
import { boxOf, medianError, type SampleFace } from './sample.js';

/** What all checks of places and order look at. */
export interface PointEvidence {
  readonly sample: readonly SampleFace[];
  /** Median error of the points as they are given, over the diagonal of the face. */
  readonly asGiven: number;
}

/** Faces that are needed to tell what all share. */
export const fewestSamples = 3;

/** Another reading is told where it has at most this share of the error, and a small one. */
const tellingShare = 0.5;

/** Whether x and y are exchanged, or the points are in another order: that of the mirror, or any. */
export function diagnoseOrder({ annotated }: LandmarkInput, { sample, asGiven }: PointEvidence): LandmarkFinding[] {
  if (sample.length < fewestSamples) return [];
  const exchanged = medianError(sample, ({ predicted }, point) => [predicted[point * 2 + 1], predicted[point * 2]]);
  if (exchanged < 0.2 && exchanged < tellingShare * asGiven) {
    return [
      {
        code: 'axes-exchanged',
        level: 'error',
        evidence: `read as y before x, the points lie ${percent(exchanged)} of the face off instead of ${percent(asGiven)}`,
        effect: 'every error is of another place in the image',
        fix: 'write x before y',
      },
    ];
  }
  const order = nearestOrder(sample, annotated.scheme);
  if (order === undefined) return [];
  const reordered = medianError(sample, ({ predicted }, point) => [
    predicted[order[point] * 2],
    predicted[order[point] * 2 + 1],
  ]);
  if (!(reordered < 0.2 && reordered < tellingShare * asGiven)) return [];
  const mirrored = isMirror(order, annotated.scheme);
  const moved = order.flatMap((from, point) => (from === point ? [] : [`${point} is ${from}`]));
  return [
    {
      code: 'points-reordered',
      level: 'error',
      evidence: `${mirrored ? 'left and right are exchanged' : `the points are in another order: ${moved.slice(0, 6).join(', ')}${moved.length > 6 ? ' ...' : ''}`}; put in order they lie ${percent(reordered)} of the face off instead of ${percent(asGiven)}`,
      effect: 'each point is held against another point of the face',
      fix: mirrored
        ? 'name left and right as they lie in the image, as the annotation does: the left eye is the one with the smaller x on a frontal face'
        : `write the points in the order of ${annotated.scheme.id}`,
    },
  ];
}

/** For each annotated point the predicted one whose mean place in the face is nearest; undefined unless each is taken once. */
function nearestOrder(sample: readonly SampleFace[], { count }: PointScheme): number[] | undefined {
  const [truth, predicted] = [new Float64Array(count * 2), new Float64Array(count * 2)];
  for (const face of sample) {
    const { x, y } = boxOf(face.truth);
    for (let at = 0; at < count * 2; at++) {
      const centre = at % 2 === 0 ? x : y;
      truth[at] += (face.truth[at] - centre) / face.diagonal;
      predicted[at] += (face.predicted[at] - centre) / face.diagonal;
    }
  }
  const order = Array.from({ length: count }, (_, point) => {
    let [best, nearest] = [point, Infinity];
    for (let other = 0; other < count; other++) {
      const distance = Math.hypot(
        truth[point * 2] - predicted[other * 2],
        truth[point * 2 + 1] - predicted[other * 2 + 1],
      );
      if (distance < nearest) [best, nearest] = [other, distance];
    }
    return best;
  });
  const inOrder = order.every((from, point) => from === point);
  // Inner and outer corners of a mouth all but coincide, so that a few points may be taken twice.
  return inOrder || new Set(order).size < 0.8 * count ? undefined : order;
}

function isMirror(order: readonly number[], { mirrored }: PointScheme): boolean {
  if (mirrored === undefined) return false;
  const partners = new Map(mirrored.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]));
  const same = order.filter((from, point) => from === (partners.get(point) ?? point)).length;
  return same >= 0.7 * order.length;
}

/** `12.3 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
