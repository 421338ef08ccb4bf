import { boxForm, type ComposedBoxes } from '@retinabench/models';
import type { Grid, GridLevel } from './grid.js';
import { type CandidateUnits, compileRule, type UnitSides, unitSides } from './value-rule.js';
import type { ValueView } from './value-view.js';

/** Where a candidate stands: its level, its cell, its anchor. */
export interface Candidate {
  readonly level: GridLevel;
  readonly row: number;
  readonly column: number;
  readonly anchor: number;
  /** Index of its (x, y, w, h) in the grid's anchors; -1 without a geometry. */
  readonly at: number;
}

/** Sides of the input. */
export interface InputSides {
  readonly inputWidthPx: number;
  readonly inputHeightPx: number;
}

/** Decodes the box of one candidate into `out`, four numbers from `to` on: corners in input pixels. */
export type BoxDecoder = (
  views: readonly ValueView[],
  candidate: Candidate,
  grid: Grid,
  input: InputSides,
  out: Float32Array,
  to: number,
) => void;

const identity = (value: number): number => value;

/** The decoder of a card's boxes; `views` has one view per source. */
export function boxDecoder(boxes: ComposedBoxes): BoxDecoder {
  const { form, at } = boxForm(boxes.values) as NonNullable<ReturnType<typeof boxForm>>;
  const { bins = 1, position, size, inclusive, clamp } = boxes;
  const perSource = 4 / boxes.from.length;
  const place = position === undefined ? identity : compileRule(position);
  const measure = size === undefined ? identity : compileRule(size);
  const atPoint = position?.origin === 'point' || form === 'sides';
  const shrink = inclusive ? 1 : 0;
  const placeUnit: UnitSides = { x: 1, y: 1 };
  const sizeUnit: UnitSides = { x: 1, y: 1 };
  return (views, candidate, grid, input, out, to) => {
    const read = (slot: number): number => {
      const index = at[slot];
      const view = views[Math.floor(index / perSource)];
      return readValue(view, candidate, index % perSource, bins);
    };
    const hasPoint = candidate.at >= 0;
    const x = atPoint && hasPoint ? grid.anchors[candidate.at] : 0;
    const y = atPoint && hasPoint ? grid.anchors[candidate.at + 1] : 0;
    const sides = sidesOf(candidate, grid, input);
    if (position !== undefined) unitSides(position.unit, sides, placeUnit);
    if (size !== undefined) unitSides(size.unit, sides, sizeUnit);
    let [x1, y1, x2, y2] = [0, 0, 0, 0];
    if (form === 'sides') {
      x1 = x - measure(read(0)) * sizeUnit.x;
      y1 = y - measure(read(1)) * sizeUnit.y;
      x2 = x + measure(read(2)) * sizeUnit.x;
      y2 = y + measure(read(3)) * sizeUnit.y;
    } else {
      x1 = x + place(read(0)) * placeUnit.x;
      y1 = y + place(read(1)) * placeUnit.y;
      if (form === 'corners') {
        x2 = x + place(read(2)) * placeUnit.x;
        y2 = y + place(read(3)) * placeUnit.y;
      } else {
        const width = measure(read(2)) * sizeUnit.x - shrink;
        const height = measure(read(3)) * sizeUnit.y - shrink;
        if (form === 'centre') {
          x1 -= width / 2;
          y1 -= height / 2;
        }
        x2 = x1 + width;
        y2 = y1 + height;
      }
    }
    out[to] = clamp ? limited(x1, input.inputWidthPx) : x1;
    out[to + 1] = clamp ? limited(y1, input.inputHeightPx) : y1;
    out[to + 2] = clamp ? limited(x2, input.inputWidthPx) : x2;
    out[to + 3] = clamp ? limited(y2, input.inputHeightPx) : y2;
  };
}

/** Value `index` of a candidate; with bins, the expectation of the softmax over them. Source: arXiv:2006.04388, section 3.2. */
function readValue(view: ValueView, { row, column, anchor }: Candidate, index: number, bins: number): number {
  const { data, value } = view;
  const at = view.base + row * view.row + column * view.column + anchor * view.anchor + index * bins * value;
  if (bins === 1) return data[at];
  let most = data[at];
  for (let bin = 1; bin < bins; bin++) most = Math.max(most, data[at + bin * value]);
  let sum = 0;
  let weighted = 0;
  for (let bin = 0; bin < bins; bin++) {
    const weight = Math.exp(data[at + bin * value] - most);
    sum += weight;
    weighted += weight * bin;
  }
  return weighted / sum;
}

/** The units of a candidate; the box's are not known yet. */
export function sidesOf(candidate: Candidate, grid: Grid, input: InputSides): CandidateUnits {
  return {
    inputWidthPx: input.inputWidthPx,
    inputHeightPx: input.inputHeightPx,
    stride: candidate.level.stride,
    anchorWidth: candidate.at < 0 ? 0 : grid.anchors[candidate.at + 2],
    anchorHeight: candidate.at < 0 ? 0 : grid.anchors[candidate.at + 3],
    boxWidth: 0,
    boxHeight: 0,
  };
}

function limited(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}
