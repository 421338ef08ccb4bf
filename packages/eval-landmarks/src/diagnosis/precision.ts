import { quantile } from '@retinabench/results';
import type { LandmarkFinding } from './finding.js';
import { fewestSamples, type PointEvidence, percent } from './order.js';
import { medianError, type SampleFace } from './sample.js';

/** Faces from which on a common offset of a pixel is told. */
const fewestFaces = 20;

/** Whether the predictions are the annotation, are rounded to pixels, or are counted from 1 where it counts from 0. */
export function diagnosePrecision({ sample, asGiven }: PointEvidence): LandmarkFinding[] {
  if (sample.length < fewestSamples) return [];
  const findings: LandmarkFinding[] = [];
  if (sample.every(({ truth, predicted }) => truth.every((value, at) => value === predicted[at]))) {
    return [
      {
        code: 'points-equal',
        level: 'warning',
        evidence: `the points of ${sample.length} faces are those of the annotation, to the last digit`,
        effect: 'an error of 0 says nothing of a detector',
        fix: 'check that the predictions are not the annotation itself',
      },
    ];
  }
  const whole = (of: (face: SampleFace) => Float64Array): boolean =>
    sample.every((face) => of(face).every(Number.isInteger));
  if (whole(({ predicted }) => predicted)) {
    // A coordinate rounded to the nearest pixel lies up to 0.5 off, 0.38 in the mean of both.
    const share = quantile(
      sample.map(({ diagonal }) => 0.38 / diagonal),
      0.5,
    );
    findings.push({
      code: 'points-rounded',
      level: 'warning',
      evidence: 'all predicted coordinates are whole numbers',
      effect: `up to ${percent(share)} of a face of median size is rounding, of an error of ${percent(asGiven)}`,
      fix: 'write coordinates with decimals',
    });
  }
  return [...findings, ...diagnoseFirstPixel(sample, asGiven)];
}

function diagnoseFirstPixel(sample: readonly SampleFace[], asGiven: number): LandmarkFinding[] {
  if (sample.length < fewestFaces) return [];
  const offsets = [0, 1].map((axis) => offsetOf(sample, axis));
  const [x, y] = offsets;
  const near = [-1, 1].find((pixel) => offsets.every(({ mean }) => Math.abs(mean - pixel) < 0.15));
  // Far from 0 and the same on both axes, by what the faces vary.
  if (near === undefined || offsets.some(({ error }) => error > 0.1)) return [];
  const moved = medianError(sample, ({ predicted }, point) => [
    predicted[point * 2] - near,
    predicted[point * 2 + 1] - near,
  ]);
  if (moved > 0.9 * asGiven) return [];
  return [
    {
      code: 'points-offset',
      level: 'warning',
      evidence: `the points lie ${x.mean.toFixed(2)} and ${y.mean.toFixed(2)} pixels off in the mean of ${sample.length} faces: ${near > 0 ? 'the prediction' : 'the annotation'} seems to count the first pixel as 1, and the other as 0`,
      effect: `moved by a pixel the median error is ${percent(moved)} of the face instead of ${percent(asGiven)}`,
      fix: 'say what counts from 1: --gt-first-pixel 1 or --pred-first-pixel 1',
    },
  ];
}

/** Mean over the faces of their mean offset along an axis, and its standard error. */
function offsetOf(sample: readonly SampleFace[], axis: number): { readonly mean: number; readonly error: number } {
  const offsets = sample.map(({ truth, predicted }) => {
    let sum = 0;
    for (let at = axis; at < truth.length; at += 2) sum += predicted[at] - truth[at];
    return (2 * sum) / truth.length;
  });
  const mean = offsets.reduce((sum, offset) => sum + offset, 0) / offsets.length;
  const squares = offsets.reduce((sum, offset) => sum + (offset - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / offsets.length / (offsets.length - 1)) };
}
