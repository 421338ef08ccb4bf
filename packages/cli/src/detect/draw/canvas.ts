import type { RgbImage } from '@retinabench/backends';
import { glyphHeight, glyphWidth, isInked } from './glyphs.js';

/** Red, green and blue, 0..255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** A rectangle in whole pixels of a picture. */
export interface PixelRect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Painting on the pixels of an image; what lies outside it is left out. */
export class Canvas {
  readonly image: RgbImage;

  /** @param image is painted on. */
  constructor(image: RgbImage) {
    this.image = image;
  }

  /** Fill a rectangle. */
  fill({ x, y, width, height }: PixelRect, colour: Colour): void {
    const { widthPx, heightPx, data } = this.image;
    const [left, right] = [Math.max(0, x), Math.min(widthPx, x + width)];
    for (let row = Math.max(0, y); row < Math.min(heightPx, y + height); row++) {
      for (let at = (row * widthPx + left) * 3; at < (row * widthPx + right) * 3; at += 3) data.set(colour, at);
    }
  }

  /** Draw the outline of a rectangle, `line` pixels wide, centred on its edges. */
  outline({ x, y, width, height }: PixelRect, line: number, colour: Colour): void {
    const before = Math.floor(line / 2);
    const outer = { x: x - before, y: y - before, width: width + line, height: height + line };
    this.fill({ ...outer, height: line }, colour);
    this.fill({ ...outer, y: outer.y + height, height: line }, colour);
    this.fill({ ...outer, width: line }, colour);
    this.fill({ ...outer, x: outer.x + width, width: line }, colour);
  }

  /** Fill a disc around (x, y). */
  disc(x: number, y: number, radius: number, colour: Colour): void {
    for (let row = Math.ceil(y - radius); row <= y + radius; row++) {
      const half = Math.sqrt(radius * radius - (row - y) * (row - y));
      const left = Math.ceil(x - half);
      this.fill({ x: left, y: row, width: Math.floor(x + half) - left + 1, height: 1 }, colour);
    }
  }

  /** Write text with its upper left corner at (x, y); a font pixel is a square of `size` pixels. */
  text(text: string, x: number, y: number, size: number, colour: Colour): void {
    for (const [index, character] of [...text].entries()) {
      for (let row = 0; row < glyphHeight; row++) {
        for (let column = 0; column < glyphWidth; column++) {
          if (!isInked(character, column, row)) continue;
          this.fill(
            { x: x + (index * glyphWidth + column) * size, y: y + row * size, width: size, height: size },
            colour,
          );
        }
      }
    }
  }
}

/** Sides of written text in pixels. */
export function textSides(text: string, size: number): { width: number; height: number } {
  return { width: ([...text].length * glyphWidth - 1) * size, height: glyphHeight * size };
}

/** Text as far as it fits into a width, with `..` for what does not. */
export function glyphText(text: string, width: number, size: number): string {
  if (textSides(text, size).width <= width) return text;
  const most = Math.floor(width / (glyphWidth * size));
  return most > 2 ? `${[...text].slice(0, most - 2).join('')}..` : '';
}
