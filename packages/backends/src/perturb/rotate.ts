import type { RgbImage } from '../image/image.js';

/** What fills the corners: the grey of an 8-bit mid level. */
const cornerGrey = 128;

/** cos and sin of an angle in degrees, exact at multiples of 90. */
export function unitVector(degrees: number): readonly [cos: number, sin: number] {
  const quarter = Math.round(degrees / 90);
  if (quarter * 90 === degrees) {
    const turn = ((quarter % 4) + 4) % 4;
    return [[1, 0, -1, 0][turn], [0, 1, 0, -1][turn]];
  }
  const radians = (degrees * Math.PI) / 180;
  return [Math.cos(radians), Math.sin(radians)];
}

/** Sides of the smallest whole-pixel frame that holds a turned image. */
export function rotatedSize(widthPx: number, heightPx: number, degrees: number): readonly [number, number] {
  const [cos, sin] = unitVector(degrees).map(Math.abs);
  // A side that is whole but for rounding stays whole.
  const whole = (side: number): number => Math.ceil(side - 1e-6);
  return [whole(widthPx * cos + heightPx * sin), whole(widthPx * sin + heightPx * cos)];
}

/**
 * Turn an image clockwise about its centre into a frame that holds all of it. Pixels are interpolated linearly between
 * centres; what lies outside the image is mid grey.
 *
 * @param degrees clockwise; multiples of 90 move pixels without interpolation.
 * Cost: O(pixels of the frame).
 */
export function rotateImage(image: RgbImage, degrees: number): RgbImage {
  const { widthPx, heightPx, data } = image;
  const [cos, sin] = unitVector(degrees);
  const [outWidth, outHeight] = rotatedSize(widthPx, heightPx, degrees);
  const out = new Uint8Array(outWidth * outHeight * 3).fill(cornerGrey);
  for (let y = 0; y < outHeight; y++) {
    const offY = y + 0.5 - outHeight / 2;
    for (let x = 0; x < outWidth; x++) {
      const offX = x + 0.5 - outWidth / 2;
      // Back by the same angle: clockwise is from x to y, since y points down.
      const fromX = widthPx / 2 + cos * offX + sin * offY;
      const fromY = heightPx / 2 - sin * offX + cos * offY;
      if (fromX < 0 || fromY < 0 || fromX > widthPx || fromY > heightPx) continue;
      const column = Math.min(Math.max(fromX - 0.5, 0), widthPx - 1);
      const row = Math.min(Math.max(fromY - 0.5, 0), heightPx - 1);
      const left = Math.floor(column);
      const top = Math.floor(row);
      const shareX = column - left;
      const shareY = row - top;
      const at = 3 * (top * widthPx + left);
      const right = left + 1 < widthPx ? 3 : 0;
      const below = top + 1 < heightPx ? 3 * widthPx : 0;
      const to = 3 * (y * outWidth + x);
      for (let channel = 0; channel < 3; channel++) {
        const from = at + channel;
        const upper = data[from] + shareX * (data[from + right] - data[from]);
        const lower = data[from + below] + shareX * (data[from + below + right] - data[from + below]);
        out[to + channel] = Math.round(upper + shareY * (lower - upper));
      }
    }
  }
  return { widthPx: outWidth, heightPx: outHeight, data: out };
}
