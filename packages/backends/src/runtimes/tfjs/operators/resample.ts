import { type GraphNode, nodeError, numberAttribute } from '../graph/graph.js';
import type { HostTensor } from '../graph/host-tensor.js';
import { checkedCount, foldLimit } from '../plan/limits.js';

/** How one axis is resized. */
export interface AxisMap {
  readonly inputPx: number;
  readonly outputPx: number;
  /** ONNX's scale: output over input length, or as the file gives it. */
  readonly scale: number;
  /** ONNX's coordinate_transformation_mode. */
  readonly coordinates: string;
}

/** Where output position `to` lies on the input axis. Source: ONNX's Resize, coordinate_transformation_mode. */
function sourcePosition(node: GraphNode, axis: AxisMap, to: number): number {
  const { inputPx, outputPx, scale } = axis;
  switch (axis.coordinates) {
    case 'half_pixel':
      return (to + 0.5) / scale - 0.5;
    case 'half_pixel_symmetric': {
      const adjustment = outputPx / (scale * inputPx);
      return (inputPx / 2) * (1 - adjustment) + (to + 0.5) / scale - 0.5;
    }
    case 'pytorch_half_pixel':
      return outputPx > 1 ? (to + 0.5) / scale - 0.5 : 0;
    case 'align_corners':
      return outputPx > 1 ? (to * (inputPx - 1)) / (outputPx - 1) : 0;
    case 'asymmetric':
      return to / scale;
    default:
      throw nodeError(node, `coordinate_transformation_mode ${axis.coordinates} is not supported`);
  }
}

const roundings: Readonly<Record<string, (position: number) => number>> = {
  floor: Math.floor,
  ceil: Math.ceil,
  round_prefer_floor: (position) => Math.ceil(position - 0.5),
  round_prefer_ceil: (position) => Math.floor(position + 0.5),
};

/** The input index of each output position under `mode = nearest`. */
export function nearestIndices(node: GraphNode, axis: AxisMap, rounding: string): number[] {
  const round = roundings[rounding];
  if (!round) throw nodeError(node, `nearest_mode ${rounding} is not supported`);
  return Array.from({ length: checkedCount(node, axis.outputPx, 'a resized axis') }, (_, to) =>
    Math.min(axis.inputPx - 1, Math.max(0, round(sourcePosition(node, axis, to)))),
  );
}

/**
 * Weights of the input cells for each output cell, [outputPx, inputPx]; cells beyond the border repeat it, or under
 * `exclude_outside` weigh nothing.
 */
export function interpolationMatrix(node: GraphNode, axis: AxisMap, cubic: boolean): HostTensor {
  const coefficient = numberAttribute(node, 'cubic_coeff_a', -0.75);
  const exclude = cubic && numberAttribute(node, 'exclude_outside', 0) !== 0;
  const data = new Float32Array(
    checkedCount(node, axis.outputPx * axis.inputPx, 'weights of a resized axis', foldLimit),
  );
  for (let to = 0; to < axis.outputPx; to++) {
    const position = sourcePosition(node, axis, to);
    const clamped = cubic ? position : Math.min(axis.inputPx - 1, Math.max(0, position));
    const base = Math.floor(clamped);
    const reach = cubic ? [-1, 0, 1, 2] : [0, 1];
    const cells = reach.map((offset) => {
      const distance = Math.abs(clamped - base - offset);
      const weight = cubic ? cubicWeight(distance, coefficient) : Math.max(0, 1 - distance);
      const outside = base + offset < 0 || base + offset >= axis.inputPx;
      return { from: Math.min(axis.inputPx - 1, Math.max(0, base + offset)), weight: exclude && outside ? 0 : weight };
    });
    const total = exclude ? cells.reduce((sum, { weight }) => sum + weight, 0) : 1;
    for (const { from, weight } of cells) data[to * axis.inputPx + from] += weight / total;
  }
  return { type: 'float', dims: [axis.outputPx, axis.inputPx], data };
}

/** Keys' cubic convolution kernel. */
function cubicWeight(distance: number, a: number): number {
  if (distance <= 1) return ((a + 2) * distance - (a + 3)) * distance ** 2 + 1;
  if (distance < 2) return ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a;
  return 0;
}
