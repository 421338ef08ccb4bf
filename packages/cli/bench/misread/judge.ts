import type { Annotations } from '@retinabench/annotations';
import { defaultFaceSettings, diagnoseAnnotations } from '@retinabench/eval-detection';
import {
  type BoxLayout,
  boxLayouts,
  convertPredictions,
  groundTruthFromFaces,
  type PredictionFormat,
  parseBoxFrame,
  scoreWider,
  scoringProtocol,
  type WiderPredictions,
} from '@retinabench/eval-wider';
import type { Finding } from '@retinabench/results';
import { annotatedSizes, diagnoseAnnotated } from '../../src/annotated/diagnose-annotated.js';
import type { Box, DataSet } from './data-sets.js';
import type { Mistake } from './mistakes.js';

/** What came of a data set with a mistake. */
export type Outcome =
  | 'right'
  | 'no wrong number'
  | 'warned'
  | 'refused alone'
  | 'wrong refusal'
  | 'wrong fix'
  | 'silence';

/** How far AP may be off to be the same number. */
const sameAp = 0.02;

/** What is said of a data set with a mistake. */
export interface Judgement {
  readonly outcome: Outcome;
  readonly said: readonly string[];
  readonly apGiven: number;
  readonly apMeant: number;
  readonly apFixed?: number;
}

/** Fixes that are followed, one after the other. */
const mostSteps = 3;

/** Diagnose a data set with a mistake, follow the flags of the fixes and hold the number against that which is meant. */
export function judge(set: DataSet, mistake: Mistake): Judgement {
  let given = written(set, mistake.faces, mistake.detections);
  const meant = mistake.isConvention ? given : written(set, same, same);
  const [apGiven, apMeant] = [apOf(given), apOf(meant)];
  const said: string[] = [];
  for (let step = 0; ; step++) {
    const findings = diagnosed(given);
    said.push(...findings.map(({ code, level, fix }) => `${level} ${code}: ${fix.slice(0, 70)}`));
    const error = findings.find(({ level }) => level === 'error');
    const judged = { said, apGiven, apMeant, ...(step === 0 ? {} : { apFixed: apOf(given) }) };
    const followed = error === undefined || step === mostSteps ? undefined : follow(given, error.fix);
    if (error !== undefined && followed === undefined) return { ...judged, outcome: refused(mistake, error.fix) };
    if (followed !== undefined && mistake.isConvention) return { ...judged, outcome: 'wrong fix' };
    if (followed !== undefined) {
      given = followed;
      continue;
    }
    const isMeant = Math.abs(apOf(given) - apMeant) < sameAp;
    if (step > 0) return { ...judged, outcome: isMeant ? 'right' : 'wrong fix' };
    if (mistake.isConvention) return { ...judged, outcome: 'right' };
    return { ...judged, outcome: isMeant ? 'no wrong number' : findings.length > 0 ? 'warned' : 'silence' };
  }
}

const same: Mistake['faces'] = (box) => box;

/** Boxes of another size than faces are named as what they are; --force takes them. */
function refused({ isConvention, name }: Mistake, fix: string): Outcome {
  return isConvention && (!fix.includes('boxes of heads are meant') || name === 'nothing')
    ? 'wrong refusal'
    : 'refused alone';
}

function diagnosed({ annotations, predictions }: Written): readonly Finding[] {
  const ofFaces = diagnoseAnnotations(annotations);
  if (ofFaces.some(({ level }) => level === 'error')) return ofFaces;
  return [...ofFaces, ...diagnoseAnnotated(annotations, predictions, defaultFaceSettings, 'files').diagnoses];
}

/** The boxes as the flags of a fix have them read; undefined: it has none, or they cannot be read so. */
function follow({ annotations, predictions }: Written, fix: string): Written | undefined {
  const format = formatOf(fix);
  const facesAs = /--gt-boxes (xyxy|cxcywh)/.exec(fix)?.[1];
  if (format === undefined && facesAs === undefined) return undefined;
  const read =
    facesAs === undefined ? annotations : readFaces(annotations, facesAs === 'xyxy' ? fromCorners : fromCentres);
  // Readers refuse boxes of negative sides.
  if (read.boxesXywh.some((value, at) => at % 4 > 1 && value < 0)) return undefined;
  const { sizeOf } = annotatedSizes(annotations);
  return {
    annotations: read,
    predictions: format === undefined ? predictions : convertPredictions(predictions, format, sizeOf),
  };
}

interface Written {
  readonly annotations: Annotations;
  readonly predictions: WiderPredictions;
}

function written(
  { faces, detections, scores, sizesPx, sizesKnown }: DataSet,
  writeFaces: Mistake['faces'],
  writeDetections: Mistake['detections'],
): Written {
  const images = faces.map((_, image) => `images/${String(image).padStart(4, '0')}.jpg`);
  const rows = (of: readonly (readonly Box[])[], write: Mistake['faces']) => {
    const start = new Int32Array(of.length + 1);
    of.forEach((own, image) => {
      start[image + 1] = start[image] + own.length;
    });
    return {
      start,
      boxesXywh: Float64Array.from(of.flatMap((own, image) => own.flatMap((box) => write(box, ...sizesPx[image])))),
    };
  };
  const own = rows(faces, writeFaces);
  const none = new Uint8Array(own.boxesXywh.length / 4);
  return {
    annotations: {
      images,
      ...own,
      sizesPx: sizesKnown ? Int32Array.from(sizesPx.flat()) : new Int32Array(2 * images.length),
      crowd: none,
      ignored: none,
      difficult: none,
      attributes: new Map(),
    },
    predictions: { images, ...rows(detections, writeDetections), scores: Float64Array.from(scores.flat()) },
  };
}

function apOf({ annotations, predictions }: Written): number {
  const counted = annotations.crowd.map(() => 1);
  const groundTruth = groundTruthFromFaces({ ...annotations, counted });
  return scoreWider(groundTruth, predictions, scoringProtocol('python', 'any')).hard ?? 0;
}

type Read = (box: Box) => Box;

const fromCorners: Read = ([x1, y1, x2, y2]) => [x1, y1, x2 - x1, y2 - y1];
const fromCentres: Read = ([cx, cy, w, h]) => [cx - w / 2, cy - h / 2, w, h];

function readFaces(annotations: Annotations, read: Read): Annotations {
  const boxesXywh = annotations.boxesXywh.slice();
  for (let at = 0; at < boxesXywh.length; at += 4)
    boxesXywh.set(read([boxesXywh[at], boxesXywh[at + 1], boxesXywh[at + 2], boxesXywh[at + 3]]), at);
  return { ...annotations, boxesXywh };
}

/** The flags at the start of a fix; undefined: it begins with none. */
function formatOf(fix: string): PredictionFormat | undefined {
  if (!/^--(boxes|box-|mirrored)/.test(fix)) return undefined;
  const value = (flag: string): string | undefined =>
    new RegExp(`--${flag} ([^\\s,]+(?:,[-\\d.]+)?)`).exec(fix.split(', or ')[0])?.[1];
  const [boxes, scale, frame, mirrored, shift] = ['boxes', 'box-scale', 'box-frame', 'mirrored', 'box-shift'].map(
    value,
  );
  const [x, y] = (shift ?? '').split(',').map(Number);
  return {
    ...(boxes !== undefined && boxLayouts.includes(boxes as BoxLayout) ? { boxes: boxes as BoxLayout } : {}),
    ...(scale === undefined ? {} : { boxScale: Number(scale) }),
    ...(frame === undefined ? {} : { boxFrame: parseBoxFrame(frame) }),
    ...(mirrored === undefined ? {} : { mirrored: mirrored as 'x' | 'y' | 'xy' }),
    ...(shift === undefined ? {} : { boxShift: { x, y } }),
  };
}
