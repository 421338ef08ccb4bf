/**
 * IoU of two boxes in the arithmetic of OverlapGrid, which adds the offset to the corners: at any threshold boxes are judged alike.
 *
 * @param boxesXyxy Float32Array [N, 4].
 * @param a, b      indices of the boxes.
 * @returns -1 where they do not overlap, or one of them is not finite: such a pair is none at a threshold of 0 either.
 */
export function cornersIou(boxesXyxy: Float32Array, a: number, b: number, offsetPx: 0 | 1): number {
  const [atA, atB] = [4 * a, 4 * b];
  const width =
    Math.min(boxesXyxy[atA + 2] + offsetPx, boxesXyxy[atB + 2] + offsetPx) - Math.max(boxesXyxy[atA], boxesXyxy[atB]);
  if (width <= 0) return -1;
  const height =
    Math.min(boxesXyxy[atA + 3] + offsetPx, boxesXyxy[atB + 3] + offsetPx) -
    Math.max(boxesXyxy[atA + 1], boxesXyxy[atB + 1]);
  if (height <= 0) return -1;
  const overlap = width * height;
  const areas = areaOf(boxesXyxy, atA, offsetPx) + areaOf(boxesXyxy, atB, offsetPx);
  return areas < Number.POSITIVE_INFINITY ? overlap / (areas - overlap) : -1;
}

function areaOf(boxes: Float32Array, at: number, offsetPx: 0 | 1): number {
  return (boxes[at + 2] + offsetPx - boxes[at]) * (boxes[at + 3] + offsetPx - boxes[at + 1]);
}
