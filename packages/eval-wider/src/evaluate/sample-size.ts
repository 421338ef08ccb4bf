/** From here on intervals of AP and of broad differences were measured to hold what they say: docs/intervals.md. */
export const enoughImages = 200;

/**
 * What a reader should know of intervals on few images.
 *
 * @param images evaluated, above 0.
 * @returns undefined from `enoughImages` on.
 */
export function warnOfFewImages(images: number): string | undefined {
  if (images >= enoughImages) return undefined;
  const most = Math.min(3, images);
  const missed = Math.round((100 * most) / images);
  return `few-images: AP of ${images} image${images === 1 ? '' : 's'}: below ${enoughImages} a 95 % interval can hold the truth less often than it says, and what befalls up to ${most}/${images} of the images (${missed} %) may not show at all; evaluate ${enoughImages} images or more.`;
}
