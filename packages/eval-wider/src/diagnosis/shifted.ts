import { formatCount } from '@retinabench/results';
import { eventOf } from '../ground-truth/ground-truth.js';
import type { Diagnosis, DiagnosisInput } from './diagnosis.js';
import type { MatchEvidence } from './evidence.js';

/** Shifts that are tried: files that hold the detections of an image up to three further on or back. */
const shifts: readonly number[] = [1, -1, 2, -2, 3, -3];

/** Images that have to be explained, and their share among those of a group in which nothing is found. */
const fewestImages = 4;
const fewestShare = 0.4;

/** Faces of an image that are looked for, the largest, and detections that are tried. */
const mostFaces = 8;
const mostDetections = 60;

/** How many times as many images a shift has to explain as the worst shift. */
const timesChance = 2.5;

/** How probable it may be that some group and shift explain as many images by chance. */
const mostProbable = 0.01;

interface Group {
  /** Empty for all images. */
  readonly event: string;
  /** Places of predictions, in the order of their names. */
  readonly order: readonly number[];
}

interface ShiftFound {
  readonly shift: number;
  readonly revived: readonly number[];
  readonly dead: number;
}

/**
 * Whether files hold the detections of other images: where nothing is found in an image, its faces are looked for in the
 * detections of the files before and after, in the order of names, over the run and within each event.
 *
 * Cost: linear in the images without a hit, six shifts each; next to nothing for a sound run.
 */
export function diagnoseShifted(input: DiagnosisInput, evidence: MatchEvidence): Diagnosis[] {
  const dead = deadPlaces(input, evidence);
  if (dead.size < fewestImages) return [];
  const { images } = input.predictions;
  const all = inOrderOfNames(images);
  const whole = findShift(input, { event: '', order: all }, dead, 1);
  if (whole !== undefined && 2 * whole.revived.length > images.length) return [diagnosisOf(input, '', all, whole)];
  const events = new Map<string, number[]>();
  for (const place of all) {
    const event = eventOf(images[place]);
    const order = events.get(event);
    if (order === undefined) events.set(event, [place]);
    else order.push(place);
  }
  const tried = [...events.values()].filter((order) => isWorthTrying(order, dead)).length;
  const within = [...events].flatMap(([event, order]) => {
    const shift = findShift(input, { event, order }, dead, tried);
    return shift === undefined ? [] : [{ event, order, shift }];
  });
  const explained = within.reduce((sum, { shift }) => sum + shift.revived.length, 0);
  if (whole !== undefined && whole.revived.length > explained) return [diagnosisOf(input, '', all, whole)];
  return within.map(({ event, order, shift }) => diagnosisOf(input, event, order, shift));
}

/** Places of images, those that stand in order, as readers give them, without sorting. */
function inOrderOfNames(images: readonly string[]): number[] {
  const places = images.map((_, place) => place);
  const isSorted = images.every((name, place) => place === 0 || images[place - 1] < name);
  return isSorted ? places : places.sort((a, b) => (images[a] < images[b] ? -1 : 1));
}

/**
 * Places of predictions with detections for images with faces of which none is found, and where the boxes of the largest
 * of these faces stand.
 */
function deadPlaces(
  { groundTruth, predictions }: DiagnosisInput,
  { faces, found, detections }: MatchEvidence,
): Map<number, readonly number[]> {
  const places = new Map(predictions.images.map((name, place) => [name, place]));
  const dead = new Map<number, readonly number[]>();
  groundTruth.images.forEach((name, image) => {
    const place = places.get(name);
    const has = detections.start[image + 1] > detections.start[image];
    if (place !== undefined && has && faces[image] > 0 && found[image] === 0)
      dead.set(place, largestFaces(groundTruth, image));
  });
  return dead;
}

function isWorthTrying(order: readonly number[], dead: ReadonlyMap<number, readonly number[]>): boolean {
  return order.filter((place) => dead.has(place)).length >= fewestImages;
}

/** @param groups groups that are tried, each of which may be explained by chance. */
function findShift(
  input: DiagnosisInput,
  { order }: Group,
  dead: ReadonlyMap<number, readonly number[]>,
  groups: number,
): ShiftFound | undefined {
  if (!isWorthTrying(order, dead)) return undefined;
  const positions = order.flatMap((place, position) => (dead.has(place) ? [position] : []));
  const tried = shifts
    .filter((shift) => Math.abs(shift) < order.length / 2)
    .map((shift) => {
      const revived = positions.filter((position) => {
        const source = order[(position - shift + order.length) % order.length];
        return findsFaces(input, dead.get(order[position]) ?? [], source);
      });
      return { shift, revived: revived.map((position) => order[position]), dead: positions.length };
    })
    .sort((a, b) => b.revived.length - a.revived.length);
  const best = tried.at(0);
  if (best === undefined || best.revived.length < Math.max(fewestImages, fewestShare * positions.length))
    return undefined;
  const chance = tried.at(-1)?.revived.length ?? 0;
  if (tried.length > 1 && best.revived.length < timesChance * chance) return undefined;
  // The other shifts tell how often the faces of an image are found in the file of another by chance: one success and one
  // failure more, so that none of a few is not taken for never.
  const others = tried.slice(1).reduce((sum, { revived }) => sum + revived.length, 0);
  const rate = (others + 1) / ((tried.length - 1) * positions.length + 2);
  const probable = groups * tried.length * binomialTail(best.revived.length, positions.length, rate);
  return probable > mostProbable ? undefined : best;
}

/** The probability of at least `least` successes in `trials` trials of probability `rate`. */
function binomialTail(least: number, trials: number, rate: number): number {
  let logTerm = least * Math.log(rate) + (trials - least) * Math.log(1 - rate);
  for (let i = 1; i <= least; i++) logTerm += Math.log((trials - least + i) / i);
  let term = Math.exp(logTerm);
  let sum = 0;
  for (let hits = least; hits <= trials; hits++) {
    sum += term;
    term *= ((trials - hits) / (hits + 1)) * (rate / (1 - rate));
  }
  return sum;
}

/** Where the boxes of the largest counted faces of an image stand. */
function largestFaces(
  { start, boxesXywh: faces, counted }: DiagnosisInput['groundTruth'],
  image: number,
): readonly number[] {
  const rows: number[] = [];
  for (let face = start[image]; face < start[image + 1]; face++) {
    if (counted.hard[face] === 1) rows.push(4 * face);
  }
  rows.sort((a, b) => faces[b + 2] * faces[b + 3] - faces[a + 2] * faces[a + 3]);
  return rows.slice(0, mostFaces);
}

/** Whether the detections at `source` find a third of the faces whose boxes stand at `looked`. */
function findsFaces({ groundTruth, predictions }: DiagnosisInput, looked: readonly number[], source: number): boolean {
  const { boxesXywh: faces } = groundTruth;
  const { boxesXywh: boxes } = predictions;
  const from = 4 * predictions.start[source];
  const to = Math.min(4 * predictions.start[source + 1], from + 4 * mostDetections);
  let found = 0;
  for (const row of looked) {
    for (let at = from; at < to; at += 4) {
      const w = Math.min(faces[row] + faces[row + 2], boxes[at] + boxes[at + 2]) - Math.max(faces[row], boxes[at]) + 1;
      const h =
        Math.min(faces[row + 1] + faces[row + 3], boxes[at + 1] + boxes[at + 3]) -
        Math.max(faces[row + 1], boxes[at + 1]) +
        1;
      if (w <= 0 || h <= 0) continue;
      const both = w * h;
      const areas = (faces[row + 2] + 1) * (faces[row + 3] + 1) + (boxes[at + 2] + 1) * (boxes[at + 3] + 1);
      if (2 * both >= areas - both) {
        found++;
        break;
      }
    }
  }
  return found >= Math.max(1, looked.length / 3);
}

function diagnosisOf(
  { predictions, origin }: DiagnosisInput,
  event: string,
  order: readonly number[],
  { shift, revived, dead }: ShiftFound,
): Diagnosis {
  const far =
    Math.abs(shift) === 1
      ? shift > 0
        ? 'the next image'
        : 'the previous image'
      : `the image ${Math.abs(shift)} ${shift > 0 ? 'further on' : 'back'}`;
  const where = event === '' ? '' : ` of the event ${event}`;
  const wholeGroup = 2 * revived.length > order.length;
  const writtenAgain =
    origin === 'detector'
      ? "the annotations are of other images: put each image's faces under its own name"
      : "write each image's detections into the file of its name";
  const first = predictions.images[revived[0]];
  const last = predictions.images[revived[revived.length - 1]];
  return {
    code: 'shifted-images',
    level: 'error',
    evidence: `files${where} hold the detections of another image, ${far} in the order of names: in ${formatCount(revived.length)} of the ${formatCount(dead)} images${where} in which nothing is found, from ${first} to ${last}, the faces are those of the file ${Math.abs(shift)} ${shift > 0 ? 'before' : 'after'}`,
    effect: 'the faces of these images are missed, and their detections are false positives',
    fix: wholeGroup
      ? `${origin === 'detector' ? '' : `--file-shift ${shift}${event === '' ? '' : `@${event}`}, or `}${writtenAgain}`
      : `${writtenAgain}: the order of images and of results differ from the first of these on`,
  };
}
