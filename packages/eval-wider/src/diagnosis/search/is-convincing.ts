import { complexityOf } from './box-reading.js';
import type { SampleImage } from './sample.js';
import { layOut, scoreReading } from './score-reading.js';
import type { ScoredReading } from './search-readings.js';

/** Faces that a reading has to find beyond those found as given, the more the further it departs from them. */
const fewestMore = 3;
const moreForEachDeparture = 2;

/** How many times as many faces as given, and as by chance, it has to find. */
const timesGiven = 1.5;
const timesChance = 2.5;

/** Share of the images in which it has to find a face. */
const fewestImages = 0.12;

/** Mean IoU of the faces that sound boxes find; by chance it is nearer a half. A reading below it has to find most faces. */
const usualOverlap = 0.68;
const mostFound = 0.5;

/**
 * Whether a reading explains a sample: it finds clearly more faces than the boxes as given, in enough images, and clearly
 * more than the same boxes find in other images, where only chance can help.
 *
 * Chance is compared on as many of the first detections of each image as it has faces, and on all of them: detections all
 * over an image find every face by chance, and files in the wrong order have their best detections last.
 *
 * @param departure how far the reading departs from boxes as given. Default: what it is made of.
 */
export function isConvincing(
  sample: readonly SampleImage[],
  best: ScoredReading,
  given: ScoredReading,
  departure = complexityOf(best.reading),
): boolean {
  const { score } = best;
  const more = fewestMore + moreForEachDeparture * departure;
  if (score.found < timesGiven * given.score.found || score.found - given.score.found < more) return false;
  if (score.images < Math.max(2, fewestImages * sample.length) || score.images <= given.score.images) return false;
  if (score.overlap < usualOverlap * score.found && score.found < mostFound * score.faces) return false;
  const firsts = sample.map((image) => ({ ...image, boxes: image.boxes.subarray(0, image.facesXywh.length) }));
  return [sample, firsts].some((images) => {
    const own = foundUnder(images, best);
    return own > fewestMore && own >= timesChance * foundUnder(exchange(images), best);
  });
}

function foundUnder(sample: readonly SampleImage[], { reading }: ScoredReading): number {
  return scoreReading(sample, layOut(sample, reading.layout), reading).found;
}

/** Each image with the detections of the next. */
export function exchange(sample: readonly SampleImage[]): SampleImage[] {
  return sample.map((image, index) => ({ ...image, boxes: sample[(index + 1) % sample.length].boxes }));
}
