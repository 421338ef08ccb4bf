import { ModelError, ShapeError } from '@retinabench/core';
import { type Axes, type AxisName, formatAxes, parseAxes, type ValueSource } from '@retinabench/models';
import type { Tensor } from '../../backend/backend.js';
import type { PassOutputs } from '../decoder.js';
import type { Grid, GridLevel } from './grid.js';

/** Values of the candidates of one level: candidate (row, column, k) has value i at base + row + column + k + i steps. */
export interface ValueView {
  readonly data: Float32Array;
  readonly base: number;
  readonly row: number;
  readonly column: number;
  readonly anchor: number;
  readonly value: number;
}

/** A source as the card gives it, read once. */
export interface ParsedSource {
  readonly tensor: string | readonly string[];
  readonly axes: Axes;
  readonly at: number;
  /** Values that are read. */
  readonly count: number;
  /** Whether the output holds these values and no others. */
  readonly whole: boolean;
  /** Nesting of flattened candidates. */
  readonly order: readonly ('h' | 'w' | 'k')[];
}

/** Read a source of `count` values a candidate. @throws {ModelError} if its axes are not valid. */
export function parseSource(source: ValueSource, count: number, order = 'h w k'): ParsedSource {
  return {
    tensor: source.tensor,
    axes: parseAxes(source.axes ?? 'n v', 'decoder: axes'),
    at: source.at ?? 0,
    count,
    whole: source.at === undefined,
    order: order.trim().split(/\s+/) as ('h' | 'w' | 'k')[],
  };
}

/** An output by name. @throws {ModelError} if the network has no such output. */
export function namedOutput(outputs: PassOutputs, name: string): Tensor {
  const tensor = outputs.tensors[name];
  if (tensor === undefined) {
    throw new ModelError(
      `${outputs.place}: the card names an output ${name}; the network has ${Object.keys(outputs.tensors).join(', ')}; correct the card`,
    );
  }
  return tensor;
}

/**
 * Where the values of every level lie.
 *
 * @throws {ModelError} if an output is missing.
 * @throws {ShapeError} naming output, expected and actual dimensions if its shape is not that of the card's axes.
 */
export function viewsOf(source: ParsedSource, grid: Grid, outputs: PassOutputs): ValueView[] {
  return grid.levels.map((level, index) => {
    const ownTensor = typeof source.tensor !== 'string';
    const name = ownTensor ? (source.tensor[index] as string) : (source.tensor as string);
    const candidates = ownTensor ? level.rows * level.columns * level.perCell : grid.count;
    const sizes = { n: candidates, h: level.rows, w: level.columns, k: level.perCell };
    const tensor = namedOutput(outputs, name);
    const steps = stepsOf(source, sizes, tensor.dims);
    if (steps === undefined) throw misfit(source, sizes, tensor, name, outputs);
    return {
      data: tensor.data,
      ...gridSteps(steps, level, source.order),
      base: (ownTensor ? 0 : level.first * (steps.n ?? 0)) + source.at * (steps.v ?? 0),
      value: steps.v ?? 0,
    };
  });
}

type Sizes = Readonly<Record<Exclude<AxisName, 'v'>, number>>;
type Steps = Partial<Record<AxisName, number>>;

/** Numbers to skip for one step along each named axis; undefined if the dimensions do not fit. */
function stepsOf(source: ParsedSource, sizes: Sizes, dims: readonly number[]): Steps | undefined {
  const axes = alignedAxes(source.axes, dims);
  if (axes === undefined) return undefined;
  const steps: Steps = {};
  const hasValues = source.axes.some((names) => names.includes('v'));
  if (!hasValues && source.at + source.count > 1) return undefined;
  let step = 1;
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    const names = axes[axis];
    const known = names.reduce((product, name) => product * (name === 'v' ? 1 : sizes[name]), 1);
    const values = names.includes('v') ? (known === 0 ? source.at + source.count : dims[axis] / known) : 1;
    if (known * values !== dims[axis] || !Number.isInteger(values)) return undefined;
    if (names.includes('v') && (source.whole ? values !== source.count : values < source.at + source.count)) {
      return undefined;
    }
    for (const name of [...names].reverse()) {
      steps[name] = step;
      step *= name === 'v' ? values : sizes[name];
    }
  }
  return steps;
}

/** The axes of the card for these dimensions: leading axes of length 1 may be left out of either. */
function alignedAxes(axes: Axes, dims: readonly number[]): Axes | undefined {
  let aligned = [...axes];
  while (aligned.length < dims.length) aligned = [[], ...aligned];
  while (aligned.length > dims.length && aligned[0]?.length === 0) aligned = aligned.slice(1);
  return aligned.length === dims.length ? aligned : undefined;
}

function gridSteps(
  steps: Steps,
  level: GridLevel,
  order: readonly ('h' | 'w' | 'k')[],
): { row: number; column: number; anchor: number } {
  if (steps.n === undefined) return { row: steps.h ?? 0, column: steps.w ?? 0, anchor: steps.k ?? 0 };
  const lengths = { h: level.rows, w: level.columns, k: level.perCell };
  const flat: Record<'h' | 'w' | 'k', number> = { h: 0, w: 0, k: 0 };
  let step = steps.n;
  for (const name of [...order].reverse()) {
    flat[name] = step;
    step *= lengths[name];
  }
  return { row: flat.h, column: flat.w, anchor: flat.k };
}

function misfit(source: ParsedSource, sizes: Sizes, tensor: Tensor, name: string, outputs: PassOutputs): ShapeError {
  const values = `${source.whole ? '' : 'at least '}${source.at + source.count}`;
  const lengths = source.axes.map((names) =>
    names.length === 0 ? '1' : names.map((axis) => (axis === 'v' ? values : String(sizes[axis]))).join(' x '),
  );
  return new ShapeError(
    `${outputs.place}: output ${name}: expected [${lengths.join(', ')}] (axes "${formatAxes(source.axes)}") for an input of ${outputs.inputWidthPx} x ${outputs.inputHeightPx}, got [${tensor.dims.join(', ')}]; the card's geometry or axes do not fit the network`,
  );
}
