import { boxIou } from '@retinabench/core/boxes';
import { formatCount, formatShare } from '@retinabench/results';
import { apWords, type WiderGroundTruth } from '../ground-truth/ground-truth.js';
import { convertPredictions } from '../predictions/convert.js';
import { scoreWider } from '../score/score.js';
import { type Diagnosis, type DiagnosisInput, formatAps } from './diagnosis.js';
import { type SampleImage, sampleImages } from './search/sample.js';

/** Faces that are compared are found by an IoU of at least this under one of the readings. */
const foundIou = 0.5;

/** Images in which the other reading has to overlap faces better, and how many of them for each in which it does worse. */
const fewestBetter = 5;
const timesBetter = 5;

/** How much more overlap it has to give in all: less is within what detectors and annotators differ by. */
const timesOverlap = 1.06;

/**
 * How far the lower right corners may still lie off, in parts of what they do as given: their spread over the faces, or, where x and y
 * hardly differ between the faces, their whole distance. Boxes that are honestly too large are so by no more where x is larger.
 */
const mostSpread = 0.8;
const mostOff = 0.25;

/** Share of the boxes whose numbers have to be ordered as those of corners are: x1 < x2 and y1 < y2. */
const ordered = 0.98;

/**
 * Whether x1 y1 x2 y2 were read as x y width height where x and y are so small that most faces are found all the same: such boxes
 * begin where the face does and are too large by just x and y. Looked for in the detections and, as either may be wrong, in the
 * annotated faces.
 *
 * @returns at most one error.
 * Cost: a look at the boxes; where all could be corners, an IoU under two readings for each pair of a sample, and two scorings where something is wrong.
 */
export function diagnoseCornersAsSizes(input: DiagnosisInput): Diagnosis[] {
  const [isOfDetections, isOfFaces] = [input.predictions, input.groundTruth].map(({ boxesXywh }) =>
    areOrdered(boxesXywh),
  );
  if (!isOfDetections && !isOfFaces) return [];
  const sample = sampleImages(input);
  if (sample.length < fewestBetter) return [];
  const detections = isOfDetections ? compare(sample, { detections: true }) : undefined;
  const faces = isOfFaces ? compare(sample, { detections: false }) : undefined;
  if (detections === undefined && faces === undefined) return [];
  const { groundTruth, predictions, protocol, origin } = input;
  const aps = (truth: WiderGroundTruth, read = predictions): string => formatAps(scoreWider(truth, read, protocol));
  const said = ({ better, worse, times }: Comparison): string =>
    `so read, faces and detections overlap ${formatShare(times - 1)} more, better in ${formatCount(better)} of ${formatCount(sample.length)} images and worse in ${formatCount(worse)}`;
  if (detections !== undefined && detections.times >= (faces?.times ?? 0)) {
    return [
      {
        code: 'corner-boxes',
        level: 'error',
        evidence: `the boxes are not x, y, width, height but the corners x1 y1 x2 y2: ${said(detections)}`,
        effect: `${apWords(groundTruth)} ${aps(groundTruth)} as given, ${aps(groundTruth, convertPredictions(predictions, { boxes: 'xyxy' }))} so read`,
        fix:
          origin === 'detector'
            ? 'correct what the card of the model says of its boxes'
            : '--boxes xyxy, or write x, y, width, height',
      },
    ];
  }
  const read = { ...groundTruth, boxesXywh: fromCorners(groundTruth.boxesXywh) };
  return [
    {
      code: 'corner-faces',
      level: 'error',
      evidence: `the annotated faces are not x, y, width, height but the corners x1 y1 x2 y2: ${said(faces as Comparison)}`,
      effect: `${apWords(groundTruth)} ${aps(groundTruth)} as given, ${aps(read)} so read`,
      fix: 'write x, y, width, height of the annotated faces (of CSV, score and eval read corners with --gt-boxes xyxy)',
    },
  ];
}

/** Images in which another reading overlaps faces better and worse, and the ratio of all overlap. */
interface Comparison {
  readonly better: number;
  readonly worse: number;
  readonly times: number;
}

/**
 * The numbers of one side read as corners against the numbers as given.
 *
 * @param of whether the detections are read so, or the faces.
 * @returns undefined unless that is clearly better.
 */
function compare(sample: readonly SampleImage[], of: { readonly detections: boolean }): Comparison | undefined {
  let [better, worse] = [0, 0];
  const overlap = { given: 0, read: 0 };
  const off: { given: number[]; read: number[] }[] = [
    { given: [], read: [] },
    { given: [], read: [] },
  ];
  for (const { facesXywh, boxes } of sample) {
    const [faces, detections] = [toCorners(facesXywh), toCorners(boxes)];
    const [facesRead, detectionsRead] = of.detections ? [faces, boxes] : [facesXywh, detections];
    const image = { given: 0, read: 0 };
    for (let face = 0; face < faces.length / 4; face++) {
      let best = { given: 0, read: 0, box: -1 };
      for (let box = 0; box < boxes.length / 4; box++) {
        const given = boxIou(faces, face, detections, box, 0);
        const read = boxIou(facesRead, face, detectionsRead, box, 0);
        if (Math.max(given, read) > Math.max(best.given, best.read)) best = { given, read, box };
      }
      if (Math.max(best.given, best.read) < foundIou) continue;
      image.given += best.given;
      image.read += best.read;
      for (const axis of [0, 1]) {
        const [f, d] = [4 * face + axis, 4 * best.box + axis];
        const side = facesRead[f + 2] - facesRead[f];
        off[axis].given.push((detections[d + 2] - faces[f + 2]) / side);
        off[axis].read.push((detectionsRead[d + 2] - facesRead[f + 2]) / side);
      }
    }
    overlap.given += image.given;
    overlap.read += image.read;
    if (image.read > image.given) better++;
    if (image.read < image.given) worse++;
  }
  const times = overlap.read / overlap.given;
  if (better < fewestBetter || better < timesBetter * worse || !(times >= timesOverlap)) return undefined;
  const isNearer = off.every(({ given, read }) => {
    const [asGiven, asRead] = [given, read].map(distances);
    return asRead.spread <= mostSpread * asGiven.spread || asRead.whole <= mostOff * asGiven.whole;
  });
  return isNearer ? { better, worse, times } : undefined;
}

/** Root mean square of distances, from their mean and from 0. */
function distances(values: readonly number[]): { readonly spread: number; readonly whole: number } {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const [mean, square] = [sum / values.length, squares / values.length];
  return { spread: Math.sqrt(Math.max(square - mean * mean, 0)), whole: Math.sqrt(square) };
}

/** (x, y, w, h) as (x1, y1, x2, y2). */
function toCorners(boxes: Float64Array): Float64Array {
  const corners = boxes.slice();
  for (let at = 0; at < corners.length; at += 4) {
    corners[at + 2] += corners[at];
    corners[at + 3] += corners[at + 1];
  }
  return corners;
}

/** Boxes whose width and height are x and y of the other corner: Float64Array [n, 4], (x, y, w, h). */
function fromCorners(boxes: Float64Array): Float64Array {
  const read = boxes.slice();
  for (let at = 0; at < read.length; at += 4) {
    read[at + 2] -= read[at];
    read[at + 3] -= read[at + 1];
  }
  return read;
}

/** Cost: of boxes that are not, only as many as tell. */
function areOrdered(boxes: Float64Array): boolean {
  const most = ((1 - ordered) * boxes.length) / 4;
  let against = 0;
  for (let at = 0; at < boxes.length; at += 4) {
    if (boxes[at + 2] > boxes[at] && boxes[at + 3] > boxes[at + 1]) continue;
    against++;
    if (against > most) return false;
  }
  return boxes.length > 0;
}
