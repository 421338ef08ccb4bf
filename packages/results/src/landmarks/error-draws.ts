import { ProtocolError, resample, seededRandom } from '@retinabench/core/basics';
import type { LandmarkImage } from '../record/landmark-result.js';

/** Resamples by default, and the seed of their draws: two records of the same images are drawn alike. */
const defaultDraws = 1000;
const drawSeed = 2026;

/**
 * Numbers of resamples of the images, drawn with replacement, each with all its faces: `nme` over the matched faces, the share
 * `missed`, and by threshold `failureRate.T` and `auc.T` over all. Draw i of two lists of as many images is of the same images.
 *
 * @param images     at least one, of which one has a face.
 * @param thresholds of failure rates and areas.
 * @returns by number, one value for each draw. A draw without a matched face is drawn again, so that every number has as
 * many; `nme` is absent where no face is matched.
 * @throws {ProtocolError} if no image has a face.
 * Cost: O(draws x images).
 */
export function errorDraws(
  images: readonly LandmarkImage[],
  thresholds: readonly number[],
  draws: number = defaultDraws,
): Readonly<Record<string, number[]>> {
  const sums = sumByImage(images, thresholds);
  const anyMatched = sums.matched.some((count) => count > 0);
  if (!sums.faces.some((count) => count > 0)) {
    throw new ProtocolError('landmark errors: expected an image with a face that is evaluated, got none');
  }
  const names = ['nme', 'missed', ...thresholds.flatMap((t) => [`failureRate.${t}`, `auc.${t}`])];
  const drawn: Record<string, number[]> = Object.fromEntries(
    names.filter((name) => anyMatched || name !== 'nme').map((name) => [name, []]),
  );
  const columns = [sums.faces, sums.matched, sums.error, ...sums.failures, ...sums.areas];
  const totals = new Float64Array(columns.length);
  resample(images.length, draws, seededRandom(drawSeed), (counts) => {
    for (let column = 0; column < columns.length; column++) totals[column] = weightedSum(columns[column], counts);
    const [faces, matched, error] = totals;
    if (faces === 0 || (anyMatched && matched === 0)) return false;
    if (anyMatched) drawn.nme.push(error / matched);
    drawn.missed.push(1 - matched / faces);
    thresholds.forEach((threshold, at) => {
      drawn[`failureRate.${threshold}`].push(totals[3 + at] / faces);
      drawn[`auc.${threshold}`].push(Math.min(1, totals[3 + thresholds.length + at] / (faces * threshold)));
    });
    return true;
  });
  return drawn;
}

/** Draws by the images and thresholds that they are of, as long as the images are held. */
const kept = new WeakMap<readonly LandmarkImage[], Map<string, Readonly<Record<string, number[]>>>>();

/** `errorDraws`, worked out once for a list of images, thresholds and draws: every number of every comparison asks for them. */
export function keptErrorDraws(
  images: readonly LandmarkImage[],
  thresholds: readonly number[],
  draws: number = defaultDraws,
): Readonly<Record<string, readonly number[]>> {
  const ofImages = kept.get(images) ?? new Map<string, Readonly<Record<string, number[]>>>();
  kept.set(images, ofImages);
  const key = `${draws} ${thresholds.join()}`;
  const drawn = ofImages.get(key) ?? errorDraws(images, thresholds, draws);
  ofImages.set(key, drawn);
  return drawn;
}

function weightedSum(values: Float64Array, counts: Uint32Array): number {
  let sum = 0;
  for (let image = 0; image < counts.length; image++) sum += values[image] * counts[image];
  return sum;
}

function sumByImage(images: readonly LandmarkImage[], thresholds: readonly number[]) {
  const over = (of: (error: number) => number): Float64Array =>
    Float64Array.from(images, ({ errors }) => errors.reduce((sum, error) => sum + of(error), 0));
  return {
    faces: over(() => 1),
    matched: over((error) => (error < 0 ? 0 : 1)),
    error: over((error) => Math.max(0, error)),
    failures: thresholds.map((threshold) => over((error) => (error < 0 || error > threshold ? 1 : 0))),
    areas: thresholds.map((threshold) => over((error) => (error < 0 ? 0 : Math.max(0, threshold - error)))),
  };
}
