import { assertCardFits, type RgbImage, type Session } from '@retinabench/backends';
import { type ImageSides, ModelError, packImage } from '@retinabench/core';
import type { ModelCard } from '@retinabench/models';
import { cropImage } from './crop-image.js';

/** Landmarks of one face. */
export interface Landmarks68 {
  /** Five points: centres of the eyes, nose tip, mouth corners, in pixels of the image: [5, 2]. */
  readonly points: Float32Array;
  /** Centres of left eye, right eye and mouth: [3, 2]. */
  readonly centres: Float32Array;
  /** Sides of the crop in which they were found. */
  readonly found: ImageSides;
}

/** A 68-point landmark network. Not re-entrant. */
export interface Landmarker {
  /**
   * Find the landmarks in a box.
   *
   * @param box (x1, y1, x2, y2) in pixels of the image.
   * @returns undefined if the box lies outside the image.
   * @throws {ModelError} if the output is not 68 finite points.
   * @throws {BackendError} if the runtime fails.
   */
  locate(image: RgbImage, box: ArrayLike<number>): Promise<Landmarks68 | undefined>;
}

/** Points of the 68-point scheme, first and one past the last. */
const leftEye = [36, 42] as const;
const rightEye = [42, 48] as const;
const mouth = [48, 68] as const;
const noseTip = [30, 31] as const;
const leftCorner = [48, 49] as const;
const rightCorner = [54, 55] as const;

/**
 * Make a landmarker of a session: the box is cut out of the image and fed as it is, the network resizes it.
 *
 * @throws {ModelError} if the card is not that of a landmark network that takes crops of any size, or does not fit
 * the network.
 */
export function createLandmarker(card: ModelCard, session: Session): Landmarker {
  const { tensor, layout, colourOrder, mean, scale, size } = card.input;
  const { output } = card;
  if (card.task !== 'face-landmarks' || output === undefined || size.rule !== 'any' || layout !== 'NCHW') {
    throw new ModelError(
      `model ${card.id}: expected the card of a 68-point network that takes crops of any size, got task ${card.task}; use face-api-landmark68`,
    );
  }
  assertCardFits(card, session);
  return {
    locate: async (image, [x1, y1, x2, y2]: number[] | Float32Array) => {
      const crop = cropImage(image, { x: x1, y: y1, widthPx: x2 - x1, heightPx: y2 - y1 });
      if (crop === undefined) return undefined;
      const { widthPx, heightPx } = crop;
      const frame = { widthPx, heightPx, inputWidthPx: widthPx, inputHeightPx: heightPx, offsetXPx: 0, offsetYPx: 0 };
      const data = packImage(
        crop.data,
        { ...frame, layout, colourOrder, mean, scale, padValue: 0, mirror: false },
        new Float32Array(crop.data.length),
      );
      const found = (await session.run({ [tensor]: { data, dims: [1, 3, heightPx, widthPx] } }))[output].data;
      const broken = found.find((value) => !Number.isFinite(value));
      if (found.length !== 136 || broken !== undefined) {
        throw new ModelError(
          `model ${card.id}: output ${output}: expected 136 finite numbers, the points, got ${broken ?? found.length}; choose a 68-point network, or compare backends with retinabench parity`,
        );
      }
      const centre = ([from, to]: readonly [number, number]): [number, number] => {
        let x = 0;
        let y = 0;
        for (let point = from; point < to; point++) {
          x += found[2 * point];
          y += found[2 * point + 1];
        }
        return [x1 + x / (to - from), y1 + y / (to - from)];
      };
      return {
        points: Float32Array.from([leftEye, rightEye, noseTip, leftCorner, rightCorner].flatMap(centre)),
        centres: Float32Array.from([leftEye, rightEye, mouth].flatMap(centre)),
        found: { widthPx, heightPx },
      };
    },
  };
}
