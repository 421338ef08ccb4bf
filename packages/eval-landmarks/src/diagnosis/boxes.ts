import { quantile } from '@retinabench/results';
import { pointsExtent } from '../set/points-extent.js';
import type { LandmarkFinding, LandmarkInput } from './finding.js';
import { fewestSamples, percent } from './order.js';

/** Another reading of the boxes is told where its overlap with the faces is this many times that of the reading given. */
const tellingFactor = 1.25;

/** Boxes whose centre is nearer to that of the points, in sides of the box, lie well enough. */
const leastOffset = 0.1;

/** Share of faces from which on points outside their boxes are no accident. */
const manyFaces = 0.2;

type Box = readonly [left: number, top: number, right: number, bottom: number];

/** What else the four numbers could be: another form, or the box of another row. */
const readings: readonly { readonly what: string; readonly fix: string; readonly of: Reading }[] = [
  {
    what: 'read as x1 y1 x2 y2',
    fix: 'say --gt-boxes xyxy',
    of: (boxes, face) => edges(boxes, face, ([x, y, w, h]) => [x, y, w, h]),
  },
  {
    what: 'read as x y width height',
    fix: 'say --gt-boxes xywh',
    // The numbers of the file were right and bottom, of which left and top have been subtracted.
    of: (boxes, face) => edges(boxes, face, ([x, y, w, h]) => [x, y, x + w + x, y + h + y]),
  },
  {
    what: 'held against the row after their own',
    fix: 'write a box for every annotated face, in its order, without a header row',
    of: (boxes, face) => asGiven(boxes, face - 1),
  },
  {
    what: 'held against the row before their own',
    fix: 'write a box for every annotated face, in its order, without a header row',
    of: (boxes, face) => asGiven(boxes, face + 1),
  },
];

type Reading = (boxes: Float64Array, face: number) => Box | undefined;

/** Whether the annotated boxes that the number depends on lie around the annotated points of their faces. */
export function diagnoseBoxes({ annotated, pairs }: LandmarkInput, length: string): LandmarkFinding[] {
  const { boxesXywh } = annotated;
  const isUsed = length.startsWith('box') || pairs.protocol.boxes === 'given';
  if (boxesXywh === undefined || !isUsed) return [];
  const faces = Array.from({ length: annotated.faces }, (_, face) => face).filter((face) => {
    const [left, top, right, bottom] = pointsExtent(annotated, face);
    return right > left && bottom > top && Number.isFinite(boxesXywh[face * 4]);
  });
  if (faces.length < fewestSamples) return [];
  const median = (of: Reading, measure: (box: Box | undefined, extent: Box) => number): number =>
    quantile(
      faces.map((face) => measure(of(boxesXywh, face), pointsExtent(annotated, face))),
      0.5,
    );
  const given = median(asGiven, overlap);
  const better = readings
    .map((reading) => ({ ...reading, share: median(reading.of, overlap) }))
    .reduce((best, reading) => (reading.share > best.share ? reading : best));
  const outside = faces.filter((face) => liesOutside(annotated, face, asGiven(boxesXywh, face))).length;
  // A smaller box overlaps five points better, too: it has to lie better as well.
  const off = median(asGiven, offset);
  const isTold =
    better.share > 0.1 &&
    better.share > tellingFactor * given &&
    off > leastOffset &&
    median(better.of, offset) < off / 2;
  if (!isTold && outside < manyFaces * faces.length) return [];
  return [
    {
      code: 'boxes-elsewhere',
      level: 'error',
      evidence: isTold
        ? `${better.what} the annotated boxes overlap the points of their faces by ${percent(better.share)} instead of ${percent(given)}`
        : `on ${percent(outside / faces.length)} of the faces half the annotated points or more lie outside the annotated box`,
      effect: 'the length that errors are divided by, or the overlap that faces are matched by, is of no face',
      fix: isTold
        ? better.fix
        : 'check the form of the boxes, --gt-boxes xywh or xyxy, and that they stand in the order of the faces',
    },
  ];
}

function asGiven(boxes: Float64Array, face: number): Box | undefined {
  return edges(boxes, face, ([x, y, w, h]) => [x, y, x + w, y + h]);
}

function edges(boxes: Float64Array, face: number, of: (box: Box) => Box): Box | undefined {
  if (face < 0 || face * 4 >= boxes.length) return undefined;
  const [x, y, w, h] = boxes.subarray(face * 4, face * 4 + 4);
  return of([x, y, w, h]);
}

/** Intersection over union of two boxes; 0 where one has no area. */
function overlap(box: Box | undefined, [left, top, right, bottom]: Box): number {
  if (box === undefined || !(box[2] > box[0] && box[3] > box[1])) return 0;
  const width = Math.min(right, box[2]) - Math.max(left, box[0]);
  const height = Math.min(bottom, box[3]) - Math.max(top, box[1]);
  if (!(width > 0 && height > 0)) return 0;
  const both = width * height;
  return both / ((right - left) * (bottom - top) + (box[2] - box[0]) * (box[3] - box[1]) - both);
}

/** Distance of the centres in sides of the box; large where the box has no area. */
function offset(box: Box | undefined, [left, top, right, bottom]: Box): number {
  if (box === undefined || !(box[2] > box[0] && box[3] > box[1])) return Number.MAX_VALUE;
  return Math.hypot(
    (left + right - box[0] - box[2]) / (2 * (box[2] - box[0])),
    (top + bottom - box[1] - box[3]) / (2 * (box[3] - box[1])),
  );
}

function liesOutside({ points, scheme }: LandmarkInput['annotated'], face: number, box: Box | undefined): boolean {
  if (box === undefined) return false;
  let [inside, given] = [0, 0];
  for (let at = face * scheme.count * 2; at < (face + 1) * scheme.count * 2; at += 2) {
    const [x, y] = [points[at], points[at + 1]];
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    given++;
    if (x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3]) inside++;
  }
  return 2 * inside < given;
}
