import type { Annotations } from '@retinabench/annotations';
import type { DetectedImage } from '@retinabench/backends/runs';
import { formatCount } from '@retinabench/results';

/**
 * Compare the sizes that annotations state with those of the images themselves: where they differ, boxes are of other
 * images, or of images that were resized or turned since.
 *
 * @returns undefined if they agree, or none is stated.
 */
export function compareSizes(annotations: Annotations, detected: readonly DetectedImage[]): string | undefined {
  const actual = new Map(detected.map((image) => [image.image, image]));
  const differing = annotations.images.flatMap((name, index) => {
    const [width, height] = annotations.sizesPx.subarray(2 * index, 2 * index + 2);
    const image = actual.get(name);
    if (image === undefined || width === 0 || height === 0) return [];
    return image.widthPx === width && image.heightPx === height
      ? []
      : [`${name} (${width} x ${height} by its annotation, ${image.widthPx} x ${image.heightPx} itself)`];
  });
  if (differing.length === 0) return undefined;
  return `sizes-differ: ${formatCount(differing.length)} of ${formatCount(annotations.images.length)} images are of another size than their annotation says, first ${differing[0]}`;
}

/** The annotations with the sizes of the images themselves. */
export function withSizes(annotations: Annotations, detected: readonly DetectedImage[]): Annotations {
  const actual = new Map(detected.map((image) => [image.image, image]));
  const sizesPx = annotations.sizesPx.slice();
  annotations.images.forEach((name, index) => {
    const image = actual.get(name);
    if (image !== undefined) sizesPx.set([image.widthPx, image.heightPx], 2 * index);
  });
  return { ...annotations, sizesPx };
}
