import { ShapeError } from '../errors.js';
import type { ImageSize } from '../render/parameters.js';

/** Most samples a side that are averaged into one pixel of a crop. */
const samplesLimit = 16;

/** An image of 8-bit RGB, rows from top to bottom. */
export interface RgbPixels extends ImageSize {
  /** Uint8Array [height, width, 3]. */
  readonly data: Uint8Array;
}

/** A square of an image, turned so that the face in it stands upright. */
export interface CropFrame {
  /** Middle, in pixels of the image. */
  readonly centreX: number;
  readonly centreY: number;
  /** Side, in pixels of the image. */
  readonly sidePx: number;
  /** Clockwise turn of the square in the image, radians. */
  readonly roll: number;
}

/** Distance of the eyes as a share of that from eyes to mouth below which the line between the eyes is no longer trusted alone. */
const profileShare = 0.7;

/**
 * The crop of a face: around its box, enlarged by `margin`, turned by the slope of the line between the eyes. The camera
 * P_cam has its up vector fixed to +y and so cannot roll; the crop does it instead. In a profile the eyes fall together, and
 * their line says nothing: the nearer they are, the more the line from eyes to mouth counts.
 *
 * @param boxXyxy   (x1, y1, x2, y2) in pixels.
 * @param landmarks [10]: five landmarks in the detector's order, pixels.
 * @throws {ShapeError} if a number is missing or not finite, or the box has no area.
 */
export function faceCrop(boxXyxy: ArrayLike<number>, landmarks: ArrayLike<number>, margin = 1.2): CropFrame {
  const [x1, y1, x2, y2] = Array.from(boxXyxy);
  const numbers = [...Array.from(boxXyxy), ...Array.from(landmarks)];
  if (boxXyxy.length !== 4 || landmarks.length !== 10 || !numbers.every(Number.isFinite) || !(x2 > x1 && y2 > y1)) {
    throw new ShapeError(
      `faceCrop: expected a box (x1, y1, x2, y2) with area and five landmarks, got [${numbers.map((value) => Number(value.toFixed(1))).join(', ')}]`,
    );
  }
  return {
    centreX: (x1 + x2) / 2,
    centreY: (y1 + y2) / 2,
    sidePx: margin * Math.max(x2 - x1, y2 - y1),
    roll: rollOf(landmarks),
  };
}

/** Clockwise turn of a face in the image, radians: of the line between the eyes, in profiles of that from eyes to mouth. */
function rollOf(landmarks: ArrayLike<number>): number {
  const across = (axis: number): number => landmarks[2 + axis] - landmarks[axis];
  const down = (axis: number): number =>
    (landmarks[6 + axis] + landmarks[8 + axis] - landmarks[axis] - landmarks[2 + axis]) / 2;
  const [eyes, height] = [Math.hypot(across(0), across(1)), Math.hypot(down(0), down(1))];
  const share = height > 0 ? Math.max(0, 1 - eyes / (profileShare * height)) : 0;
  return Math.atan2(across(1) - share * down(0), across(0) + share * down(1));
}

/** A point of the image in a crop of `cropPx` pixels a side. */
export function toCrop(frame: CropFrame, x: number, y: number, cropPx: number): readonly [x: number, y: number] {
  const scale = cropPx / frame.sidePx;
  const [dx, dy] = [(x - frame.centreX) * scale, (y - frame.centreY) * scale];
  const [cos, sin] = [Math.cos(frame.roll), Math.sin(frame.roll)];
  return [cropPx / 2 + cos * dx + sin * dy, cropPx / 2 - sin * dx + cos * dy];
}

/** A point of a crop in the image; the inverse of toCrop. */
export function fromCrop(frame: CropFrame, x: number, y: number, cropPx: number): readonly [x: number, y: number] {
  const scale = frame.sidePx / cropPx;
  const [dx, dy] = [(x - cropPx / 2) * scale, (y - cropPx / 2) * scale];
  const [cos, sin] = [Math.cos(frame.roll), Math.sin(frame.roll)];
  return [frame.centreX + cos * dx - sin * dy, frame.centreY + sin * dx + cos * dy];
}

/**
 * Cut a crop out of an image: bilinear samples, where the crop is smaller than its square averaged over a grid of them;
 * beyond the image's border its nearest pixel.
 *
 * @returns Float32Array [cropPx, cropPx, 3], 0..1.
 * @throws {ShapeError} if the image's data do not fit its size.
 * Cost: O(cropPx^2 samples).
 */
export function cutCrop(image: RgbPixels, frame: CropFrame, cropPx: number): Float32Array {
  const { widthPx, heightPx, data } = image;
  if (data.length !== widthPx * heightPx * 3 || data.length === 0) {
    throw new ShapeError(`cutCrop: expected RGB of ${widthPx} x ${heightPx}, got ${data.length} bytes`);
  }
  const samples = Math.min(samplesLimit, Math.max(1, Math.ceil(frame.sidePx / cropPx)));
  const out = new Float32Array(cropPx * cropPx * 3);
  const pixel = [0, 0, 0];
  for (let row = 0; row < cropPx; row++) {
    for (let column = 0; column < cropPx; column++) {
      pixel.fill(0);
      for (let sample = 0; sample < samples * samples; sample++) {
        const u = column + ((sample % samples) + 0.5) / samples;
        const v = row + (Math.floor(sample / samples) + 0.5) / samples;
        const [x, y] = fromCrop(frame, u, v, cropPx);
        addBilinear(image, x - 0.5, y - 0.5, pixel);
      }
      const at = (row * cropPx + column) * 3;
      for (let channel = 0; channel < 3; channel++) out[at + channel] = pixel[channel] / (255 * samples * samples);
    }
  }
  return out;
}

function addBilinear({ widthPx, heightPx, data }: RgbPixels, x: number, y: number, pixel: number[]): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const clampX = (value: number): number => Math.min(widthPx - 1, Math.max(0, value));
  const clampY = (value: number): number => Math.min(heightPx - 1, Math.max(0, value));
  for (let corner = 0; corner < 4; corner++) {
    const [right, down] = [corner & 1, corner >> 1];
    const weight = (right ? x - left : 1 - x + left) * (down ? y - top : 1 - y + top);
    const at = (clampY(top + down) * widthPx + clampX(left + right)) * 3;
    for (let channel = 0; channel < 3; channel++) pixel[channel] += weight * data[at + channel];
  }
}
