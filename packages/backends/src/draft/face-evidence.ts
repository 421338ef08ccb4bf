import { boxIou, descendingOrder, isRetinaBenchError, nms } from '@retinabench/core';
import type { ComposedDecoder } from '@retinabench/models';
import { Candidates } from '../decoders/candidates.js';
import { composedDecoder } from '../decoders/composed/composed.js';
import type { Decoder, PassOutputs } from '../decoders/decoder.js';
import type { RawRun } from './raw-runs.js';
import { tellingFloor } from './telling-floor.js';

/** How well a reading of a network's outputs finds annotated faces. */
export interface FaceEvidence {
  /** Mean over IoU 0.5, 0.6, 0.7 and 0.8 of the average precision: what readings are ranked by. */
  readonly fitness: number;
  /** Average precision at IoU 0.5. */
  readonly ap: number;
  readonly faces: number;
  /** Faces with a detection of IoU >= 0.5. */
  readonly found: number;
  /** Mean IoU of these. */
  readonly meanIou: number;
  /** Mean distance of five points from the annotated ones, in sides of the face (root of its area); absent without points. */
  readonly pointError?: number;
  /** Boxes of each image after suppression, best first, with scores. */
  readonly detections: readonly { readonly boxesXyxy: Float32Array; readonly scores: Float32Array }[];
}

const iouThresholds = [0.5, 0.6, 0.7, 0.8];
const scoreFloor = 0.02;
/** IoU above which a box is suppressed while readings are compared; the card says its family's. */
const nmsIou = 0.4;
/** Best candidates that enter suppression: a wrong reading can let every anchor through. */
const mostCandidates = 300;

interface Found {
  readonly score: number;
  /** The image and its face of the largest IoU. */
  readonly image: number;
  readonly face: number;
  readonly iou: number;
}

/** A reading of a network's outputs on trial. */
export class ReadingTrial {
  readonly #decode: Decoder;
  readonly #floorOf: (outputs: PassOutputs) => number;
  readonly #candidates = new Candidates();

  constructor(readonly decoder: ComposedDecoder) {
    this.#decode = composedDecoder(decoder);
    this.#floorOf = tellingFloor(decoder, mostCandidates, scoreFloor);
  }

  /**
   * Decode what a network gave, and hold it against the annotated faces.
   *
   * @returns undefined if the reading does not fit the outputs, or gives no finite boxes.
   */
  evidence(runs: readonly RawRun[]): FaceEvidence | undefined {
    const found: Found[] = [];
    const detections: FaceEvidence['detections'][number][] = [];
    const pointErrors: number[] = [];
    try {
      for (const [index, run] of runs.entries()) {
        const own = this.#detect(run);
        detections.push(own);
        for (const [rank, score] of own.scores.entries()) {
          const nearest = nearestFace(own.boxesXyxy, rank, run.image.boxesXyxy);
          found.push({ score, image: index, ...nearest });
          const truth = run.image.landmarks[nearest.face];
          if (own.points === undefined || nearest.iou < 0.5 || truth === undefined) continue;
          const face = run.image.boxesXyxy.subarray(nearest.face * 4);
          pointErrors.push(pointError(own.points.subarray(rank * 10, rank * 10 + 10), truth, face));
        }
      }
    } catch (error) {
      if (isRetinaBenchError(error)) return undefined;
      throw error;
    }
    if (!detections.every(({ boxesXyxy }) => boxesXyxy.every(Number.isFinite))) return undefined;
    return summarise(found, runs, detections, pointErrors);
  }

  #detect({ frame, tensors }: RawRun): FaceEvidence['detections'][number] & { points?: Float32Array } {
    const { landmarks, suppressed } = this.decoder;
    const hasPoints = landmarks !== undefined && (landmarks.points === 5 || landmarks.alignment !== undefined);
    const { inputWidthPx, inputHeightPx } = frame;
    const outputs = { tensors, inputWidthPx, inputHeightPx, place: 'draft' };
    this.#candidates.clear(hasPoints);
    this.#decode(outputs, this.#floorOf(outputs), this.#candidates);
    const kept = best(this.#candidates, suppressed === undefined ? nmsIou : 1);
    const boxesXyxy = new Float32Array(kept.length * 4);
    const points = new Float32Array(kept.length * 10);
    for (const [rank, row] of kept.entries()) {
      toImage(this.#candidates.boxesXyxy.subarray(row * 4, row * 4 + 4), frame, boxesXyxy, rank * 4);
      if (hasPoints) toImage(this.#candidates.landmarks.subarray(row * 10, row * 10 + 10), frame, points, rank * 10);
    }
    const scores = Float32Array.from(kept, (row) => this.#candidates.scores[row]);
    return { boxesXyxy, scores, ...(hasPoints ? { points } : {}) };
  }
}

function summarise(
  found: readonly Found[],
  runs: readonly RawRun[],
  detections: FaceEvidence['detections'],
  pointErrors: readonly number[],
): FaceEvidence {
  const faces = runs.reduce((sum, { image }) => sum + image.boxesXyxy.length / 4, 0);
  const aps = iouThresholds.map((threshold) => averagePrecision(found, threshold, faces));
  const matched = new Map<string, number>();
  for (const { image, face, iou } of found) {
    if (iou >= 0.5) matched.set(`${image}/${face}`, Math.max(iou, matched.get(`${image}/${face}`) ?? 0));
  }
  return {
    fitness: mean(aps),
    ap: aps[0],
    faces,
    found: matched.size,
    meanIou: mean([...matched.values()]),
    ...(pointErrors.length === 0 ? {} : { pointError: mean(pointErrors) }),
    detections,
  };
}

/** Rows of the best candidates that remain after suppression, best first. */
function best(candidates: Candidates, nmsIou: number): number[] {
  const all = { scores: candidates.scores, boxesXyxy: candidates.boxesXyxy };
  const order = descendingOrder(all.scores).slice(0, Math.min(candidates.count, mostCandidates));
  const boxes = new Float32Array(order.length * 4);
  const scores = new Float32Array(order.length);
  for (const [rank, row] of order.entries()) {
    boxes.set(all.boxesXyxy.subarray(row * 4, row * 4 + 4), rank * 4);
    scores[rank] = all.scores[row];
  }
  const keep = new Int32Array(order.length);
  const count = nms(boxes, scores, { iouThreshold: nmsIou, convention: 'continuous' }, keep);
  return Array.from(keep.subarray(0, count), (rank) => order[rank]);
}

function toImage(points: Float32Array, frame: RawRun['frame'], out: Float32Array, to: number): void {
  for (let at = 0; at < points.length; at += 2) {
    out[to + at] = (points[at] - frame.offsetXPx) / frame.scaleX;
    out[to + at + 1] = (points[at + 1] - frame.offsetYPx) / frame.scaleY;
  }
}

function nearestFace(boxes: Float32Array, rank: number, truth: Float32Array): { face: number; iou: number } {
  let nearest = { face: -1, iou: 0 };
  for (let face = 0; face < truth.length / 4; face++) {
    const iou = boxIou(boxes, rank, truth, face, 0);
    if (iou > nearest.iou) nearest = { face, iou };
  }
  return nearest;
}

function pointError(points: Float32Array, truth: Float32Array, face: Float32Array): number {
  const side = Math.sqrt((face[2] - face[0]) * (face[3] - face[1]));
  let sum = 0;
  for (let at = 0; at < 10; at += 2) sum += Math.hypot(points[at] - truth[at], points[at + 1] - truth[at + 1]);
  return sum / 5 / side;
}

/** The area under precision, made monotone, over recall; a face counts once, for its best detection. */
function averagePrecision(found: readonly Found[], threshold: number, faces: number): number {
  const seen = new Set<string>();
  const precisions: number[] = [];
  let truePositives = 0;
  for (const [rank, { image, face, iou }] of [...found].sort((a, b) => b.score - a.score).entries()) {
    const key = `${image}/${face}`;
    if (iou < threshold || seen.has(key)) continue;
    seen.add(key);
    truePositives++;
    precisions.push(truePositives / (rank + 1));
  }
  let top = 0;
  let area = 0;
  for (const precision of precisions.reverse()) {
    top = Math.max(top, precision);
    area += top;
  }
  return faces === 0 ? 0 : area / faces;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
