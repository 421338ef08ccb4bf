import { boxForm, type ComposedBoxes, type Unit } from '@retinabench/models';
import type { Grid, GridLevel } from './grid.js';
import { compileRule, type UnitSides } from './value-rule.js';
import type { ValueView } from './value-view.js';

/** Where a candidate stands: its level, its cell, its anchor. */
export interface Candidate {
  level: GridLevel;
  row: number;
  column: number;
  anchor: number;
  /** Index of its (x, y, w, h) in the grid's anchors; -1 without a geometry. */
  at: number;
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
  // The units of pixels and input sides are the same for all candidates, but cheap; nothing here allocates.
  const slotView = at.map((index) => Math.floor(index / perSource));
  const slotValue = at.map((index) => index % perSource);
  const read = (views: readonly ValueView[], candidate: Candidate, slot: number): number => {
    const view = views[slotView[slot]];
    if (bins > 1) return expectation(view, candidate, slotValue[slot], bins);
    const { row, column, anchor } = candidate;
    return view.data[
      view.base + row * view.row + column * view.column + anchor * view.anchor + slotValue[slot] * view.value
    ];
  };
  return (views, candidate, grid, input, out, to) => {
    const hasPoint = atPoint && candidate.at >= 0;
    const x = hasPoint ? grid.anchors[candidate.at] : 0;
    const y = hasPoint ? grid.anchors[candidate.at + 1] : 0;
    if (position !== undefined) unitSides(position.unit, candidate, grid, input, placeUnit);
    if (size !== undefined) unitSides(size.unit, candidate, grid, input, sizeUnit);
    let x1: number;
    let y1: number;
    let x2: number;
    let y2: number;
    if (form === 'sides') {
      x1 = x - measure(read(views, candidate, 0)) * sizeUnit.x;
      y1 = y - measure(read(views, candidate, 1)) * sizeUnit.y;
      x2 = x + measure(read(views, candidate, 2)) * sizeUnit.x;
      y2 = y + measure(read(views, candidate, 3)) * sizeUnit.y;
    } else {
      x1 = x + place(read(views, candidate, 0)) * placeUnit.x;
      y1 = y + place(read(views, candidate, 1)) * placeUnit.y;
      if (form === 'corners') {
        x2 = x + place(read(views, candidate, 2)) * placeUnit.x;
        y2 = y + place(read(views, candidate, 3)) * placeUnit.y;
      } else {
        const width = measure(read(views, candidate, 2)) * sizeUnit.x - shrink;
        const height = measure(read(views, candidate, 3)) * sizeUnit.y - shrink;
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

/** The expectation of the softmax over the bins of value `index`. Source: arXiv:2006.04388, section 3.2. */
function expectation(view: ValueView, { row, column, anchor }: Candidate, index: number, bins: number): number {
  const { data, value } = view;
  const at = view.base + row * view.row + column * view.column + anchor * view.anchor + index * bins * value;
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

/** Write the pixels of a unit into `out`; those of the box are left as they are. */
export function unitSides(
  unit: Unit,
  candidate: Candidate,
  grid: Grid,
  { inputWidthPx, inputHeightPx }: InputSides,
  out: UnitSides,
): void {
  switch (unit) {
    case 'pixels':
      out.x = 1;
      out.y = 1;
      return;
    case 'input':
      out.x = inputWidthPx;
      out.y = inputHeightPx;
      return;
    case 'stride':
      out.x = candidate.level.stride;
      out.y = candidate.level.stride;
      return;
    case 'anchor':
      out.x = candidate.at < 0 ? 0 : grid.anchors[candidate.at + 2];
      out.y = candidate.at < 0 ? 0 : grid.anchors[candidate.at + 3];
      return;
    case 'box':
  }
}

function limited(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}
