import { type GraphNode, nodeError, numberAttribute } from '../graph/graph.js';
import type { HostTensor } from '../graph/host-tensor.js';
import { knownContent } from '../plan/content-dependence.js';
import { hostValue, type Value } from '../plan/value.js';
import { type Operator, requiredInput } from './operator.js';

/**
 * ONNX's NonMaxSuppression: per batch and class the boxes that remain, best first, as rows (batch, class, box). A box goes
 * where its IoU with a better kept one is above the threshold; boxes without area suppress nothing.
 *
 * Source: ONNX operator NonMaxSuppression-11; the order of ties and of the tests follows ONNX Runtime's CPU kernel.
 */
export const nonMaxSuppression: Operator = (_planner, node, inputs) => {
  const boxes = knownContent(node, requiredInput(node, inputs, 0), 'the boxes');
  const scores = knownContent(node, requiredInput(node, inputs, 1), 'the scores');
  const most = option(node, inputs[2], 0);
  const iouThreshold = option(node, inputs[3], 0);
  const scoreThreshold = option(node, inputs[4], Number.NEGATIVE_INFINITY);
  const [batches, count, four] = boxes.dims;
  const [scoreBatches, classes, scoreCount] = scores.dims;
  if (boxes.dims.length !== 3 || four !== 4 || scores.dims.length !== 3) {
    throw nodeError(node, `expected boxes [B, N, 4] and scores [B, C, N], got [${boxes.dims}] and [${scores.dims}]`);
  }
  if (batches !== scoreBatches || count !== scoreCount) {
    throw nodeError(node, `boxes [${boxes.dims}] and scores [${scores.dims}] do not fit together`);
  }
  const corners = cornersOf(boxes, numberAttribute(node, 'center_point_box', 0) !== 0);
  const rows: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    for (let kind = 0; kind < classes; kind++) {
      const first = (batch * classes + kind) * count;
      const own = scores.data.subarray(first, first + count);
      const kept = keepBest(corners.subarray(batch * count * 4), own, most, iouThreshold, scoreThreshold);
      for (const box of kept) rows.push(batch, kind, box);
    }
  }
  return [hostValue({ type: 'int', dims: [rows.length / 3, 3], data: Float64Array.from(rows) })];
};

function option(node: GraphNode, value: Value | undefined, absent: number): number {
  return value === undefined ? absent : (knownContent(node, value, 'a threshold').data[0] ?? absent);
}

/** (least, least, most, most) of each box, whatever corners it was given by. */
function cornersOf({ data }: HostTensor, centred: boolean): Float32Array {
  const corners = new Float32Array(data.length);
  for (let at = 0; at < data.length; at += 4) {
    const [a, b, c, d] = data.subarray(at, at + 4);
    if (centred) corners.set([a - c / 2, b - d / 2, a + c / 2, b + d / 2], at);
    else corners.set([Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)], at);
  }
  return corners;
}

function keepBest(
  corners: Float32Array,
  scores: ArrayLike<number>,
  most: number,
  iouThreshold: number,
  scoreThreshold: number,
): number[] {
  const order = Array.from({ length: scores.length }, (_, box) => box)
    .filter((box) => scores[box] > scoreThreshold)
    .sort((a, b) => scores[b] - scores[a] || a - b);
  const kept: number[] = [];
  for (const box of order) {
    if (kept.length >= most) break;
    if (!kept.some((better) => overlap(corners, better * 4, box * 4) > iouThreshold)) kept.push(box);
  }
  return kept;
}

function overlap(corners: Float32Array, p: number, q: number): number {
  const width = Math.min(corners[p + 2], corners[q + 2]) - Math.max(corners[p], corners[q]);
  const height = Math.min(corners[p + 3], corners[q + 3]) - Math.max(corners[p + 1], corners[q + 1]);
  const areaP = (corners[p + 2] - corners[p]) * (corners[p + 3] - corners[p + 1]);
  const areaQ = (corners[q + 2] - corners[q]) * (corners[q + 3] - corners[q + 1]);
  if (width <= 0 || height <= 0 || areaP <= 0 || areaQ <= 0) return 0;
  return (width * height) / (areaP + areaQ - width * height);
}
