/** Fewer than this many images cannot show how a change is spread over the images of its kind. */
export const fewImages = 20;

/** Share of an allowance for few images that applies: 1 for none, falling evenly to 0 at `fewImages`. */
export function fewness(images: number): number {
  return Math.max(0, 1 - images / fewImages);
}

/** What an image adds to a number from 0 to 1 is rounding below this: a perfect AP leaves 1e-17 an image. */
export const roundingOfAp = 1e-12;

/**
 * How many units of equal size would make up a sum as these do: (sum |x|)^2 / (sum x^2); 0 if all are zero, rounding
 * (`roundingOfAp`) aside. One large unit among a thousand small ones counts for hardly more than one.
 */
export function effectiveCount(values: ArrayLike<number>): number {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    if (Math.abs(values[i]) < roundingOfAp) continue;
    sum += Math.abs(values[i]);
    squares += values[i] * values[i];
  }
  return squares > 0 ? (sum * sum) / squares : 0;
}
