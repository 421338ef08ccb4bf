import { formatCount, formatShare } from '@retinabench/results';
import { apWords } from '../ground-truth/ground-truth.js';
import { convertPredictions } from '../predictions/convert.js';
import { scoreWider } from '../score/score.js';
import { type Diagnosis, type DiagnosisInput, formatAps } from './diagnosis.js';
import { describeRelativeSize } from './relative-size.js';
import { asGiven, type BoxReading, describeReading, flagsOf, formatOf } from './search/box-reading.js';
import { bringToFaces, fitRelative, type RelativeFit } from './search/fit-relative.js';
import { type SampleImage, sampleImages } from './search/sample.js';
import { layOut, type ReadingScore, scoreReading } from './search/score-reading.js';
import { scoreShifted } from './search/score-shifted.js';
import { refineShift, voteForShift } from './search/vote-for-shift.js';

/** Images that are needed, and faces that have to be found as given. */
const fewestImages = 10;
const fewestFound = 20;

/** How many more faces and how much more overlap a reading has to give, and in how many images more than it takes away. */
const timesFound = 1.1;
const timesOverlap = 1.15;
const timesImages = 3;

/** Pixels by which boxes may be off as honest rounding, resizing and strides leave them. */
const leastShiftPx = 2;

/** A vote is the median of a few pixels; the overlap tells the pixel. */
const near = (px: number): number[] => [0, ...[-1, 0, 1].map((step) => px + step).filter((value) => value !== 0)];

/**
 * Whether boxes of a run that finds most faces are still not quite where they should be: width and height exchanged, which
 * costs little where faces are nearly square, or all boxes a few pixels off, which large faces forgive.
 *
 * @returns at most one error.
 * Cost: a reading of a sample; some more where a tenth of its faces is not found; a scoring where something is wrong.
 */
export function diagnoseNearlyRight(input: DiagnosisInput): Diagnosis[] {
  const sample = sampleImages(input);
  if (sample.length < fewestImages) return [];
  const laidOut = layOut(sample, 'xywh');
  const scoreAt = scoreShifted(sample, laidOut);
  const given = scoreAt(0, 0);
  if (given.found < fewestFound || !canGain(given)) return [];
  const scored = ({ layout, shift = { x: 0, y: 0 } }: BoxReading): ReadingScore =>
    (layout === 'xywh' ? scoreAt : scoreShifted(sample, layOut(sample, layout)))(shift.x, shift.y);
  const readings: BoxReading[] = [{ ...asGiven, layout: 'xyhw' }];
  const voted = voteForShift(sample, laidOut);
  const vote = voted === undefined ? undefined : refineShift(scoreAt, voted);
  if (vote !== undefined && Math.max(Math.abs(vote.x), Math.abs(vote.y)) >= leastShiftPx) {
    for (const x of near(vote.x)) for (const y of near(vote.y)) readings.push({ ...asGiven, shift: { x, y } });
  }
  const [best] = readings
    .map((reading) => ({ reading, score: scored(reading) }))
    .sort((a, b) => b.score.overlap - a.score.overlap);
  const relative = fitRelative(sample);
  if (relative !== undefined && !relative.isBeside && relative.score.overlap >= best.score.overlap) {
    return relative.isAnchored && isClearlyBetter(sample, given, relative)
      ? [describeRelativeSize(input, relative, given, sample.length)]
      : [];
  }
  if (best.score.overlap < timesOverlap * given.overlap || best.score.found < timesFound * given.found) return [];
  const better = sample.map((image) => {
    const overlap = (reading: BoxReading): number =>
      scoreReading([image], layOut([image], reading.layout), reading).overlap;
    return Math.sign(overlap(best.reading) - overlap(asGiven));
  });
  const count = (sign: number): number => better.filter((own) => own === sign).length;
  if (count(1) < timesImages * count(-1)) return [];
  const { groundTruth, predictions, protocol } = input;
  const read = convertPredictions(predictions, formatOf(best.reading));
  const share = ({ found, faces }: ReadingScore): string => formatShare(found / Math.max(faces, 1));
  return [
    {
      code: best.reading.shift === undefined ? 'exchanged-axes' : 'offset-boxes',
      level: 'error',
      evidence: `the boxes are ${describeReading(best.reading)}: so read, the detections find ${share(best.score)} of the faces instead of ${share(given)}, and overlap them better in ${formatCount(count(1))} of ${formatCount(sample.length)} images, worse in ${formatCount(count(-1))}`,
      effect: `${apWords(groundTruth)} ${formatAps(scoreWider(groundTruth, predictions, protocol))} as given, ${formatAps(scoreWider(groundTruth, read, protocol))} so read`,
      fix:
        input.origin === 'detector'
          ? `correct what the card of the model says of its boxes; for predictions read from files the flags would be ${flagsOf(best.reading)}`
          : `${flagsOf(best.reading)}, or write x, y, width, height in pixels of the original image`,
    },
  ];
}

/** Whether all faces, found exactly, would be enough more than those found as given. */
function canGain({ found, faces, overlap }: ReadingScore): boolean {
  return faces >= timesFound * found && faces >= timesOverlap * overlap;
}

/** Whether boxes brought to the size of the faces find and overlap clearly more, in clearly more images. */
function isClearlyBetter(sample: readonly SampleImage[], given: ReadingScore, { box, score }: RelativeFit): boolean {
  if (score.overlap < timesOverlap * given.overlap || score.found < timesFound * given.found) return false;
  const overlaps = (images: readonly SampleImage[]): number[] =>
    images.map((image) => scoreReading([image], layOut([image], 'xywh'), asGiven).overlap);
  const [asTheyAre, brought] = [overlaps(sample), overlaps(bringToFaces(sample, box))];
  const count = (sign: number): number =>
    brought.filter((own, image) => Math.sign(own - asTheyAre[image]) === sign).length;
  return count(1) >= timesImages * count(-1);
}
