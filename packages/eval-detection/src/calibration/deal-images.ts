import { ProtocolError, seededRandom, shuffle } from '@retinabench/core';

/**
 * Divide images into those that a map is fitted on and those that it is measured on. The division follows from the names, the
 * seed and the share, not from the order in which a file lists the images.
 *
 * @param share of the images that the fit takes, above 0 and below 1; rounded, at least one image on each side.
 * @returns Uint8Array [images]: 1 for those of the fit.
 * @throws {ProtocolError} if there are fewer than two images.
 */
export function dealImages(images: readonly string[], share: number, seed: number): Uint8Array {
  if (images.length < 2 || !(share > 0 && share < 1)) {
    throw new ProtocolError(
      `score map: expected at least two images and a share above 0 and below 1 for the fit, got ${images.length} and ${share}`,
    );
  }
  const order = images.map((_, index) => index).sort((a, b) => (images[a] < images[b] ? -1 : 1));
  shuffle(order, seededRandom(seed));
  const fitted = Math.min(images.length - 1, Math.max(1, Math.round(share * images.length)));
  const isFitted = new Uint8Array(images.length);
  for (const image of order.slice(0, fitted)) isFitted[image] = 1;
  return isFitted;
}
