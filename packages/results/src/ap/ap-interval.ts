import type { Interval } from '../record/interval.js';
import { centralSums, reach, spreadOf } from '../stats/spread.js';
import { twoSidedT } from '../stats/student-t.js';
import { effectiveCount, fewness } from './few-images.js';
import type { ImageCurves } from './image-curves.js';
import { type ApInfluence, apInfluence, enlargedBy } from './influence.js';

/**
 * Interval of AP over images like these: what the AP of all of them may be. Measured coverage: docs/intervals.md.
 *
 * The spread comes from the influence of each image, enlarged by its share of the faces as deleting it would (an image of
 * many faces draws the curve to itself). It is taken on the scale of arcsin(sqrt(AP)), where it hardly depends on AP, with
 * Student's quantile at the degrees of freedom that the images have, and the side to which AP is skewed is lengthened.
 * Where few images decide, it reaches at least as far as a change of `ln(1 / alpha)` of the images, 3 at 95 %: that many
 * may be missed by chance (the rule of three). So it always has a width.
 *
 * @param alpha 1 - confidence; 0.05 by default.
 * @returns undefined if no face is counted; else within 0..1, and AP lies in it.
 * Cost: O(points + 1000).
 */
export function apInterval(curves: ImageCurves, alpha = 0.05): Interval | undefined {
  const effect = apInfluence(curves);
  return effect === undefined ? undefined : influenceInterval(effect, curves.faces, alpha);
}

/**
 * The same from the influences of the images, of AP or of another number from 0 to 1 that is better the higher it is.
 *
 * @param facesOf Int32Array [images]: counted faces.
 */
export function influenceInterval(effect: ApInfluence, facesOf: ArrayLike<number>, alpha = 0.05): Interval {
  const { ap, faces, influence, missing } = effect;
  const images = influence.length;
  const enlarged = influence.map((own, image) => own * enlargedBy(facesOf[image], faces));
  const spread = spreadOf(centralSums(enlarged), images);
  const [below, above] = reach(spread, twoSidedT(alpha, spread.degreesOfFreedom));
  const slope = 2 * Math.sqrt(ap * (1 - ap));
  const angle = Math.asin(Math.sqrt(ap));
  const onScale = (step: number): number =>
    slope > 0 ? Math.sin(Math.min(Math.PI / 2, Math.max(0, angle + step / slope))) ** 2 : ap;
  const unseen = (fewness(effectiveCount(influence)) * Math.log(1 / alpha)) / images;
  const rise = missing.reduce((sum, own) => sum + own, 0);
  const [low, high] = images < 2 ? [0, 1] : [onScale(-below), onScale(above)];
  return [Math.max(0, Math.min(low, ap - ap * unseen)), Math.min(1, Math.max(high, ap + rise * unseen))];
}
