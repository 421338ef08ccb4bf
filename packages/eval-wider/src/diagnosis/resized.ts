import { formatShare, quantile } from '@retinabench/results';
import { apWords } from '../ground-truth/ground-truth.js';
import { scoreWider } from '../score/score.js';
import { type Diagnosis, type DiagnosisInput, formatAps } from './diagnosis.js';
import { widerWords } from './diagnosis-words.js';
import type { MatchEvidence } from './evidence.js';
import { describeRelativeSize } from './relative-size.js';
import { asGiven } from './search/box-reading.js';
import { fitRelative } from './search/fit-relative.js';
import { sampleImages } from './search/sample.js';
import { layOut, scoreReading } from './search/score-reading.js';

/** The faces of an image that its best detection may be: the largest ones. */
const largestFaces = 3;

/** How far apart the four ratios of a detection to a face may be for the one to be the other, resized. */
const agreement = 1.3;

/**
 * Whether boxes are in pixels of images that were each resized by another factor: then the best detection of an image and
 * one of its largest faces differ in x, y, w and h by one factor, and that factor differs between images.
 *
 * Where the sizes of the images are known, a frame explains such factors; this is for runs where they are not. Boxes that lie on the
 * faces and are of another size look alike, and are said to be that.
 */
export function diagnoseResized(input: DiagnosisInput, { recall }: MatchEvidence): Diagnosis[] {
  const { words = widerWords } = input;
  const { factors, images } = resizeFactors(input);
  if (factors.length < 3 || factors.length < 0.2 * images) return [];
  const [low, high] = [quantile(factors, 0.1), quantile(factors, 0.9)];
  const unscaled = factors.filter((own) => Math.abs(own - 1) < 0.05).length / factors.length;
  if (high / low <= 1.1 || recall >= 0.3 || unscaled >= 0.3) return [];
  const sample = sampleImages(input);
  const relative = fitRelative(sample);
  if (relative !== undefined && relative.score.images * images >= factors.length * sample.length) {
    const given = scoreReading(sample, layOut(sample, 'xywh'), asGiven);
    return [describeRelativeSize(input, relative, given, sample.length)];
  }
  return [
    {
      code: 'resized-boxes',
      level: 'error',
      evidence: `in ${formatShare(factors.length / images)} of the images the best detection is one of the largest faces, resized by a factor from ${(1 / high).toPrecision(3)} to ${(1 / low).toPrecision(3)} that differs between images; as given the detections find ${formatShare(recall)} of the faces`,
      effect: `${apWords(input.groundTruth)} ${formatAps(scoreWider(input.groundTruth, input.predictions, input.protocol))} as given`,
      fix:
        input.origin === 'detector'
          ? 'correct what the card of the model says of how the image is brought to its input'
          : `divide the boxes of each image by the factor that it was resized by; no one --box-scale fixes all, but ${words.imagesFlag} with the images tells the --box-frame that does, if there is one`,
    },
  ];
}

/** Per image in which they agree, the factor from the best detection to the face that it fits best. */
function resizeFactors({ groundTruth, predictions }: DiagnosisInput): { factors: number[]; images: number } {
  const places = new Map(predictions.images.map((name, index) => [name, index]));
  const factors: number[] = [];
  let images = 0;
  groundTruth.images.forEach((name, image) => {
    const place = places.get(name);
    if (place === undefined || predictions.start[place] === predictions.start[place + 1]) return;
    const faces = largest(groundTruth.boxesXywh, groundTruth.start[image], groundTruth.start[image + 1]);
    if (faces.length === 0) return;
    images++;
    let best = predictions.start[place];
    for (let d = best; d < predictions.start[place + 1]; d++)
      if (predictions.scores[d] > predictions.scores[best]) best = d;
    const detection = predictions.boxesXywh.subarray(4 * best, 4 * best + 4);
    const fits = faces.map((face) => fit(face, detection)).sort((a, b) => a.spread - b.spread);
    if (fits[0].spread < agreement) factors.push(fits[0].factor);
  });
  return { factors, images };
}

function largest(boxesXywh: Float64Array, from: number, to: number): Float64Array[] {
  const faces = Array.from({ length: to - from }, (_, index) =>
    boxesXywh.subarray(4 * (from + index), 4 * (from + index) + 4),
  );
  return faces.sort((a, b) => b[3] - a[3]).slice(0, largestFaces);
}

/** The geometric mean of the ratios in centre, width and height, and how far they lie apart. */
function fit(face: Float64Array, detection: Float64Array): { factor: number; spread: number } {
  const ratios = [
    face[2] / detection[2],
    face[3] / detection[3],
    (face[0] + face[2] / 2) / (detection[0] + detection[2] / 2),
    (face[1] + face[3] / 2) / (detection[1] + detection[3] / 2),
  ];
  if (!ratios.every((ratio) => ratio > 0 && Number.isFinite(ratio)))
    return { factor: 1, spread: Number.POSITIVE_INFINITY };
  const factor = Math.sqrt(ratios[2] * ratios[3]);
  return { factor, spread: Math.max(...ratios) / Math.min(...ratios) };
}
