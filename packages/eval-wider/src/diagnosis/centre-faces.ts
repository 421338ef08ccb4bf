import { formatCount, formatShare } from '@retinabench/results';
import { apWords } from '../ground-truth/ground-truth.js';
import { scoreWider } from '../score/score.js';
import { type Diagnosis, type DiagnosisInput, formatAps } from './diagnosis.js';
import { asGiven } from './search/box-reading.js';
import { isConvincing } from './search/is-convincing.js';
import type { SampleImage } from './search/sample.js';
import { layOut, type ReadingScore, scoreReading } from './search/score-reading.js';

/** What another order of numbers departs from boxes as given; see `isConvincing`. */
const departure = 1;

/** How much more overlap than any reading of the detections it has to give: of faces of one size, a shift says the same. */
const timesOverlap = 1.03;

/**
 * Whether x and y of the annotated faces are those of the centre. No reading of the detections undoes that: each detection would
 * have to move by half of the face, to which a shift of all comes near.
 *
 * @param given the sample as it stands.
 * @param best  the best of all readings of the detections.
 * @returns at most one error.
 * Cost: that of one reading of the sample, and two scorings where something is wrong.
 */
export function diagnoseCentreFaces(
  { groundTruth, predictions, protocol }: DiagnosisInput,
  sample: readonly SampleImage[],
  given: ReadingScore,
  best: ReadingScore,
): Diagnosis[] {
  const read = sample.map((image) => ({ ...image, facesXywh: fromCentres(image.facesXywh) }));
  const score = scoreReading(read, layOut(read, 'xywh'), asGiven);
  if (score.found < best.found || score.overlap < timesOverlap * best.overlap) return [];
  if (!isConvincing(read, { reading: asGiven, score }, { reading: asGiven, score: given }, departure)) return [];
  const share = (found: number): string => formatShare(found / Math.max(score.faces, 1));
  const corrected = { ...groundTruth, boxesXywh: fromCentres(groundTruth.boxesXywh) };
  const aps = (truth: typeof groundTruth): string => formatAps(scoreWider(truth, predictions, protocol));
  return [
    {
      code: 'centre-faces',
      level: 'error',
      evidence: `the annotated faces are not x, y, width, height but centre, width, height (cx cy w h): so read, the detections find ${share(score.found)} of them instead of ${share(given.found)}, on ${formatCount(sample.length)} images`,
      effect: `${apWords(groundTruth)} ${aps(groundTruth)} as given, ${aps(corrected)} so read`,
      fix: 'write x, y, width, height of the annotated faces, x and y of the upper left corner (of CSV, score and eval read centres with --gt-boxes cxcywh)',
    },
  ];
}

/** (cx, cy, w, h) as (x, y, w, h): Float64Array [n, 4], pixels. */
function fromCentres(boxes: Float64Array): Float64Array {
  const read = boxes.slice();
  for (let at = 0; at < read.length; at += 4) {
    read[at] -= read[at + 2] / 2;
    read[at + 1] -= read[at + 3] / 2;
  }
  return read;
}
