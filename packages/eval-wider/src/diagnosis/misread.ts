import { formatCount, formatShare } from '@retinabench/results';
import { apWords } from '../ground-truth/ground-truth.js';
import { restrictGroundTruth } from '../ground-truth/restrict.js';
import { convertPredictions } from '../predictions/convert.js';
import { scoreWider } from '../score/score.js';
import { diagnoseCentreFaces } from './centre-faces.js';
import { diagnoseCornersAsSizes } from './corners-as-sizes.js';
import { type Diagnosis, type DiagnosisCode, type DiagnosisInput, formatAps } from './diagnosis.js';
import { widerWords } from './diagnosis-words.js';
import type { MatchEvidence } from './evidence.js';
import { diagnoseExchangedShares } from './exchanged-shares.js';
import { diagnoseOwnFrames } from './own-frames.js';
import { describeRelativeSize } from './relative-size.js';
import { diagnoseResized } from './resized.js';
import { type BoxReading, complexityOf, describeReading, flagsOf, formatOf } from './search/box-reading.js';
import { fitRelative, isConvincingFit, type RelativeFit } from './search/fit-relative.js';
import { isConvincing } from './search/is-convincing.js';
import { type SampleImage, sampleImages } from './search/sample.js';
import { fewestMeasured, type ScoredReading, searchReadings } from './search/search-readings.js';

/** Images below which another layout and a shift together, six numbers to choose, fit by chance. */
const fewestForShift = 30;

/** Share of the images that one factor has to explain to be the only one; and below which a factor or shift is no fix. */
const mostlyExplained = 0.75;
const hardlyExplained = 0.5;

/**
 * Shares of overlap that a relative size has to give beyond a reading of one part, whether it has a number or is an order of numbers
 * alone, which no bias of a detector looks like, as a relative place has to beyond any; and that a reading has to give for each part beyond the first.
 */
const beyondNumber = 0.03;
const beyondOrder = 0.12;
const costOfPart = 0.03;

/**
 * Whether the four numbers of a box mean something else than x y w h in pixels of the image: tried are the readings that
 * people really produce, on a seeded sample; named is the one under which the faces are found.
 *
 * @param leastRecall share of the faces that a reading has to find.
 * Cost: up to a second; only for runs that find too little.
 */
export function diagnoseMisread(input: DiagnosisInput, evidence: MatchEvidence, leastRecall = 0): Diagnosis[] {
  const sample = sampleImages(input);
  if (sample.length === 0) return [];
  const { best, given } = searchReadings(sample);
  const relative = fitRelative(sample);
  const isRead = best !== given && isConvincing(sample, best, given);
  // Before relative places: annotated centres are such a place, which has a flag.
  const centres = diagnoseCentreFaces(input, sample, given.score, best.score);
  if (centres.length > 0) return centres;
  // Portraits are so alike that the boxes of one fit the face of another, by which nothing convinces: then the better explanation holds.
  const isSize = relative !== undefined && (isRead ? !isBetterThan(best, relative) : isConvincingFit(sample, relative));
  if (isSize) {
    // Corners of faces that are alike, and shares whose width and height were exchanged look so, too, and are told more exactly.
    const [other] = [...diagnoseCornersAsSizes(input), ...diagnoseExchangedShares(input)];
    return [other ?? describeRelativeSize(input, relative, given.score, sample.length)];
  }
  if (best.score.found < leastRecall * best.score.faces) return [];
  if (best.reading.shift !== undefined && best.reading.layout !== 'xywh' && sample.length < fewestForShift) return [];
  if (!isRead)
    return inUnitRange(
      input,
      sample.some(({ size }) => size !== undefined),
    );
  // One factor for images that were each resized by another explains some of them by chance.
  const isPartial = best.score.images < mostlyExplained * sample.length;
  const { scale, shift } = best.reading;
  if (scale !== 1 && (isPartial || sample.some(({ size }) => size === undefined))) {
    const uneven = diagnoseResized(input, evidence);
    if (uneven.length > 0) return uneven;
  }
  if (isPartial && (scale !== 1 || shift !== undefined)) {
    const own = diagnoseOwnFrames(input);
    if (own.length > 0) return own;
  }
  const what = describeReading(best.reading);
  const isOfSome = best.score.images < hardlyExplained * sample.length && (scale !== 1 || shift !== undefined);
  const where = isOfSome ? ` in ${formatCount(best.score.images)} of them` : '';
  return [
    {
      code: codeOf(best.reading),
      level: 'error',
      evidence: `the boxes are not x, y, width, height in pixels of the image but ${what}: so read, the detections find ${found(best)} of the faces instead of ${found(given)}, on ${formatCount(sample.length)} images${where}`,
      effect: effectOf(input, best.reading),
      fix: isOfSome ? fixOfSome(input, best, sample) : fixOf(input, best, sample),
    },
  ];
}

/** The flags that undo a reading. */
function fixOf({ origin }: DiagnosisInput, { reading }: ScoredReading, sample: readonly SampleImage[]): string {
  const few =
    sample.length < fewestMeasured && hasSize(reading)
      ? ` (${formatCount(sample.length)} images tell a size only roughly: check that it is yours)`
      : '';
  return origin === 'detector'
    ? `where retinabench detect --draw shows boxes on the faces, correct the annotations (the order of their numbers, the size of their images); else what the card of the model says of its boxes, or of how the image is brought to its input; for predictions read from files the flags would be ${flagsOf(reading)}${few}`
    : `${flagsOf(reading)}, or write x, y, width, height in pixels of the original image${few}, or correct the annotations where it is they that are written so`;
}

/** One factor or shift for all leaves the images that it does not explain wrong: images of other sizes need others. */
function fixOfSome(
  { words = widerWords }: DiagnosisInput,
  { reading, score }: ScoredReading,
  sample: readonly SampleImage[],
): string {
  const sizes = sample.some(({ size }) => size === undefined)
    ? `name the folder with the images with ${words.imagesFlag}, whose sizes may tell the frame of all of them, or `
    : '';
  return `${sizes}write x, y, width, height in pixels of the original image: ${flagsOf(reading)} is right for ${formatCount(score.images)} of ${formatCount(sample.length)} images at most, and leaves the others wrong`;
}

/**
 * Whether boxes are rather read otherwise than of another size than the faces. A relative size has four numbers that fit what
 * faces have in common, as those of portraits have their place; a composed reading has as many, and fits by chance.
 */
function isBetterThan({ reading, score }: ScoredReading, relative: RelativeFit): boolean {
  const complexity = complexityOf(reading);
  const isOrder = complexity <= 1.5 && reading.layout !== 'xywh';
  const cost = costOfPart * Math.max(complexity - 1, 0);
  // An order of numbers that puts boxes on faces is why they lie beside them: centres are half a side off.
  if (isOrder && relative.isBeside) return true;
  const beyond = isOrder || relative.isBeside ? beyondOrder : beyondNumber;
  return score.overlap * (1 - cost) > (1 - beyond) * relative.score.overlap;
}

/** Whether a reading names a size that was measured or chosen. */
function hasSize({ scale, frame, shift }: BoxReading): boolean {
  return scale !== 1 || shift !== undefined || (frame !== undefined && (frame.width > 1 || frame.height > 1));
}

function found({ score }: ScoredReading): string {
  return formatShare(score.found / Math.max(score.faces, 1));
}

/** One respect in which boxes differ has its own name; several together are `misread-boxes`. */
function codeOf({ layout, scale, frame, mirrored, shift }: BoxReading): DiagnosisCode {
  const codes: DiagnosisCode[] = [];
  if (layout === 'xyxy') codes.push('corner-boxes');
  else if (layout === 'cxcywh') codes.push('centre-boxes');
  else if (layout !== 'xywh') codes.push('exchanged-axes');
  if (scale !== 1) codes.push('resized-boxes');
  if (frame !== undefined) {
    const normalised = frame.width <= 1 || frame.kind === 'crossed';
    if (normalised) codes.push('normalised-boxes');
    else if (frame.kind === 'stretch') codes.push('stretched-boxes');
    else if (frame.kind === 'letterbox' || frame.kind === 'stride' || frame.kind === 'padded')
      codes.push('letterboxed-boxes');
    else codes.push('resized-boxes');
  }
  if (mirrored !== 'none') codes.push('mirrored-boxes');
  if (shift !== undefined) codes.push('offset-boxes');
  return codes.length === 1 ? codes[0] : 'misread-boxes';
}

/** AP as given and under the reading, over the images whose sizes are known where it needs them. */
function effectOf({ groundTruth, predictions, protocol, sizeOf }: DiagnosisInput, reading: BoxReading): string {
  const asGiven = formatAps(scoreWider(groundTruth, predictions, protocol));
  const needsSizes = reading.frame !== undefined || reading.mirrored !== 'none';
  const annotated = new Set(groundTruth.images);
  const known = new Set(
    predictions.images.filter((name) => annotated.has(name) && (!needsSizes || sizeOf?.(name) !== undefined)),
  );
  const some = known.size < annotated.size;
  const own = some ? restrictGroundTruth(groundTruth, known) : groundTruth;
  const converted = convertPredictions(
    predictions,
    formatOf(reading),
    (name) => sizeOf?.(name) ?? { widthPx: 1, heightPx: 1 },
  );
  const corrected = formatAps(scoreWider(own, converted, protocol));
  return `${apWords(groundTruth)} ${asGiven} as given, ${corrected} so read${some ? ` (on the ${formatCount(known.size)} images whose size is known)` : ''}`;
}

/** Numbers of at most one or so are fractions, even where no image tells of what. */
function inUnitRange(
  { predictions, groundTruth, protocol, words = widerWords }: DiagnosisInput,
  sizesKnown: boolean,
): Diagnosis[] {
  const { boxesXywh: boxes } = predictions;
  if (boxes.length === 0 || sizesKnown || boxes.some((value) => Math.abs(value) > 2)) return [];
  return [
    {
      code: 'normalised-boxes',
      level: 'error',
      evidence: `all numbers of the boxes lie within -2 and 2: they are normalised (fractions of the sides of the image), not pixels; no size of an image is known to tell how`,
      effect: `${apWords(groundTruth)} ${formatAps(scoreWider(groundTruth, predictions, protocol))} as given: boxes of a pixel find no face`,
      fix: `name the folder with the images with ${words.imagesFlag}, whose sizes tell the rest, or write boxes in pixels of the original image`,
    },
  ];
}
