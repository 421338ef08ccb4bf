import { quantile } from '@retinabench/results';
import type { LandmarkFinding, LandmarkInput } from './finding.js';
import { fewestSamples, type PointEvidence, percent } from './order.js';
import { boxOf, medianError, type SampleFace } from './sample.js';

/** Points of a sound model, however weak, lie nearer than this share of the face's diagonal. */
const soundError = 0.2;

/** Whether the points lie elsewhere: as shares of the image, in an image of another size, in crops, or on other faces. */
export function diagnosePlace(input: LandmarkInput, { sample, asGiven }: PointEvidence): LandmarkFinding[] {
  if (sample.length < fewestSamples || asGiven < soundError) return [];
  return (
    relative(sample, asGiven) ??
    scaled(sample, asGiven) ??
    shiftedRows(input, sample, asGiven) ??
    elsewhere(sample, asGiven)
  );
}

function relative(sample: readonly SampleFace[], asGiven: number): LandmarkFinding[] | undefined {
  const largest = quantile(
    sample.map(({ predicted }) => Math.max(...predicted.map(Math.abs))),
    0.95,
  );
  if (largest > 2) return undefined;
  return [
    {
      code: 'points-relative',
      level: 'error',
      evidence: `predicted coordinates lie between 0 and ${largest.toFixed(2)}, annotated ones reach ${Math.max(...sample.map(({ truth }) => Math.max(...truth))).toFixed(0)}`,
      effect: `the points are shares of the image or of the face, and lie ${percent(asGiven)} of the face off`,
      fix: 'multiply x by the width and y by the height of what they are shares of, and add where that begins',
    },
  ];
}

/** One factor, and one offset, for all faces. */
function scaled(sample: readonly SampleFace[], asGiven: number): LandmarkFinding[] | undefined {
  const factor = quantile(
    sample.map(({ predicted, diagonal }) => diagonal / Math.max(1e-9, diagonalOf(predicted))),
    0.5,
  );
  const byFactor = medianError(sample, ({ predicted }, point) => [
    predicted[point * 2] * factor,
    predicted[point * 2 + 1] * factor,
  ]);
  if (byFactor < soundError && byFactor < asGiven / 2 && Math.abs(Math.log(factor)) > 0.05) {
    return [
      {
        code: 'points-scaled',
        level: 'error',
        evidence: `multiplied by ${factor.toFixed(3)} the points lie ${percent(byFactor)} of the face off instead of ${percent(asGiven)}`,
        effect: 'the points are of images of another size',
        fix: `carry them back to the annotated images: multiply by ${factor.toFixed(3)}, or by the factor of each image`,
      },
    ];
  }
  const [dx, dy] = [0, 1].map((axis) =>
    quantile(
      sample.map((face) => meanOffset(face, axis)),
      0.5,
    ),
  );
  const byOffset = medianError(sample, ({ predicted }, point) => [
    predicted[point * 2] - dx,
    predicted[point * 2 + 1] - dy,
  ]);
  if (byOffset >= soundError || byOffset >= asGiven / 2) return undefined;
  return [
    {
      code: 'points-offset',
      level: 'error',
      evidence: `moved by (${(-dx).toFixed(1)}, ${(-dy).toFixed(1)}) pixels the points lie ${percent(byOffset)} of the face off instead of ${percent(asGiven)}`,
      effect: 'the points are counted from another corner',
      fix: 'count x and y from the upper left corner of the image',
    },
  ];
}

function shiftedRows(
  { annotated, predicted, pairs }: LandmarkInput,
  sample: readonly SampleFace[],
  asGiven: number,
): LandmarkFinding[] | undefined {
  if (pairs.protocol.pairing !== 'row') return undefined;
  const { count } = annotated.scheme;
  for (const shift of [-1, 1]) {
    const moved = sample.flatMap((face) => {
      const row = face.match + shift;
      const points = predicted.points.subarray(row * count * 2, (row + 1) * count * 2);
      return row >= 0 && row < predicted.faces && points.every(Number.isFinite) ? [{ ...face, predicted: points }] : [];
    });
    const error = medianError(moved, (face, point) => [face.predicted[point * 2], face.predicted[point * 2 + 1]]);
    if (!(error < soundError && error < asGiven / 2)) continue;
    return [
      {
        code: 'rows-shifted',
        level: 'error',
        evidence: `held against the row ${shift > 0 ? 'after' : 'before'} its own, a face lies ${percent(error)} off instead of ${percent(asGiven)}`,
        effect: 'every prediction is held against the face of another row',
        fix: 'write a row for every annotated face, in its order, without a header row',
      },
    ];
  }
  return undefined;
}

/** The shape of the face is right and its place is not; or neither is. */
function elsewhere(sample: readonly SampleFace[], asGiven: number): LandmarkFinding[] {
  const placed = medianError(sample, (face, point) => {
    const [from, to] = [boxOf(face.predicted), boxOf(face.truth)];
    const factor = Math.hypot(to.width, to.height) / Math.max(1e-9, Math.hypot(from.width, from.height));
    return [
      (face.predicted[point * 2] - from.x) * factor + to.x,
      (face.predicted[point * 2 + 1] - from.y) * factor + to.y,
    ];
  });
  if (placed < soundError && placed < asGiven / 3) {
    return [
      {
        code: 'points-of-crops',
        level: 'error',
        evidence: `the points have the shape of the faces (${percent(placed)} off where each face is moved and scaled onto its own) and lie elsewhere (${percent(asGiven)} off)`,
        effect: 'the points are of crops of the faces, or of resized images',
        fix: 'carry the points back to pixels of the annotated image: by the box and the scale of each crop',
      },
    ];
  }
  const centre = medianError(sample, ({ truth }, _point) => {
    const { x, y } = boxOf(truth);
    return [x, y];
  });
  if (asGiven < centre) return [];
  return [
    {
      code: 'worse-than-centre',
      level: 'error',
      evidence: `half the faces lie ${percent(asGiven)} of their size off or more; the centre of the face in place of every point would lie ${percent(centre)} off`,
      effect: 'the number is not of a landmark detector: faces, images or points do not belong together',
      fix: 'check that predictions are of these images and faces, in their order and in pixels',
    },
  ];
}

function meanOffset({ predicted, truth }: SampleFace, axis: number): number {
  let sum = 0;
  for (let at = axis; at < truth.length; at += 2) sum += predicted[at] - truth[at];
  return (2 * sum) / truth.length;
}

function diagonalOf(points: Float64Array): number {
  const { width, height } = boxOf(points);
  return Math.hypot(width, height);
}
