import { ShapeError } from '../errors.js';
import type { FloatArray } from '../mesh/float-array.js';

/** What the heads give for a batch of B images, or the gradient of a loss with respect to it; row-major. */
export interface HeadOutputs {
  /** [B, N, 2] (background, face) before the softmax. */
  readonly logits: FloatArray;
  /** [B, N, 4] box offsets. */
  readonly boxes: FloatArray;
  /** [B, N, 10] landmark offsets; absent for a network without them, whose landmark term is 0. */
  readonly landmarks?: FloatArray;
}

/** The annotated faces of one image, in network-input pixels. */
export interface FaceAnnotations {
  /** [M, 4] (x1, y1, x2, y2). */
  readonly boxesXyxy: FloatArray;
  /** [M, 10] five landmarks, all -1 where a face has none, NaN where one is not known; absent if no face has any. */
  readonly landmarks?: FloatArray;
}

/** @throws {ShapeError} if the arrays of `heads` are not those of `images` images of `anchors` anchors. */
export function assertHeads(place: string, heads: HeadOutputs, images: number, anchors: number): void {
  const rows = images * anchors;
  const fits =
    heads.logits.length === rows * 2 &&
    heads.boxes.length === rows * 4 &&
    (heads.landmarks === undefined || heads.landmarks.length === rows * 10);
  if (!fits) {
    throw new ShapeError(
      `${place}: expected logits [${images}, ${anchors}, 2], boxes [${images}, ${anchors}, 4] and landmarks [${images}, ${anchors}, 10], got lengths ${heads.logits.length}, ${heads.boxes.length} and ${heads.landmarks?.length ?? 'none'}`,
    );
  }
}

/** @throws {ShapeError} if the landmarks of an image are not those of its boxes. */
export function assertAnnotations(place: string, faces: readonly FaceAnnotations[]): void {
  faces.forEach(({ boxesXyxy, landmarks }, image) => {
    const count = boxesXyxy.length / 4;
    if (Number.isInteger(count) && (landmarks === undefined || landmarks.length === count * 10)) return;
    throw new ShapeError(
      `${place}: faces of image ${image}: expected boxes [M, 4] and landmarks [M, 10], got lengths ${boxesXyxy.length} and ${landmarks?.length ?? 'none'}`,
    );
  });
}
