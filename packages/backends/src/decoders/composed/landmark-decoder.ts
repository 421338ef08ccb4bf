import type { ComposedLandmarks } from '@retinabench/models';
import { type Candidate, type InputSides, unitSides } from './box-decoder.js';
import type { Grid } from './grid.js';
import { compileRule, type UnitSides } from './value-rule.js';
import type { ValueView } from './value-view.js';

/**
 * Decodes the points of one candidate, given its box, into `out` from `to` on: (x, y) of the five alignment points, or of all
 * in the order of the card.
 */
export type LandmarkDecoder = (
  view: ValueView,
  candidate: Candidate,
  grid: Grid,
  input: InputSides,
  box: Float32Array,
  boxAt: number,
  out: Float32Array,
  to: number,
) => void;

/** Numbers of all points of a candidate. */
export function landmarkValues({ points, values = 'x y' }: ComposedLandmarks): number {
  return points * values.trim().split(/\s+/).length;
}

/** Each of `count` points by itself. */
export function everyPoint(count: number): readonly (readonly number[])[] {
  return Array.from({ length: count }, (_, index) => [index]);
}

/** The five points of alignment, each one point or the mean of several. */
export function alignmentPoints({ alignment = [0, 1, 2, 3, 4] }: ComposedLandmarks): readonly (readonly number[])[] {
  return alignment.map((entry) => (typeof entry === 'number' ? [entry] : entry));
}

/**
 * The decoder of a card's landmarks.
 *
 * @param wanted indices of the points that are decoded; several are averaged.
 */
export function landmarkDecoder(landmarks: ComposedLandmarks, wanted: readonly (readonly number[])[]): LandmarkDecoder {
  const { points, position, arrangement } = landmarks;
  const names = (landmarks.values ?? 'x y').trim().split(/\s+/);
  const [pointStep, axisStep] = arrangement === 'axis' ? [1, points] : [names.length, 1];
  const [xAt, yAt] = [names.indexOf('x') * axisStep, names.indexOf('y') * axisStep];
  const place = compileRule(position);
  const unit: UnitSides = { x: 1, y: 1 };
  return (view, candidate, grid, input, box, boxAt, out, to) => {
    const at = view.base + candidate.row * view.row + candidate.column * view.column + candidate.anchor * view.anchor;
    const x1 = box[boxAt];
    const y1 = box[boxAt + 1];
    const boxWidth = box[boxAt + 2] - x1;
    const boxHeight = box[boxAt + 3] - y1;
    unit.x = boxWidth;
    unit.y = boxHeight;
    unitSides(position.unit, candidate, grid, input, unit);
    let x = 0;
    let y = 0;
    if (position.origin === 'point' && candidate.at >= 0) {
      x = grid.anchors[candidate.at];
      y = grid.anchors[candidate.at + 1];
    } else if (position.origin === 'box') {
      x = x1;
      y = y1;
    } else if (position.origin === 'box-centre') {
      x = x1 + boxWidth / 2;
      y = y1 + boxHeight / 2;
    }
    for (let rank = 0; rank < wanted.length; rank++) {
      const indices = wanted[rank];
      let sumX = 0;
      let sumY = 0;
      for (const index of indices) {
        sumX += x + place(view.data[at + (index * pointStep + xAt) * view.value]) * unit.x;
        sumY += y + place(view.data[at + (index * pointStep + yAt) * view.value]) * unit.y;
      }
      out[to + rank * 2] = sumX / indices.length;
      out[to + rank * 2 + 1] = sumY / indices.length;
    }
  };
}
