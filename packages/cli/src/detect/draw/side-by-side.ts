import type { RgbImage } from '@retinabench/backends';
import { Canvas, type Colour, glyphText, textSides } from './canvas.js';

const paper: Colour = [24, 24, 30];
const letters: Colour = [240, 240, 240];

/** A picture with the words above it. */
export interface Panel {
  readonly title: string;
  readonly picture: RgbImage;
}

/**
 * Panels of equal sides beside each other, each under a bar with its title. A title that is too long for its bar loses its end.
 *
 * @param size side of a font pixel.
 */
export function sideBySide(panels: readonly Panel[], size: number): RgbImage {
  const { widthPx, heightPx } = panels[0].picture;
  const bar = textSides('', size).height + size * 4;
  const gap = size * 2;
  const sides = { widthPx: panels.length * (widthPx + gap) - gap, heightPx: heightPx + bar };
  const image: RgbImage = { ...sides, data: new Uint8Array(sides.widthPx * sides.heightPx * 3) };
  const canvas = new Canvas(image);
  canvas.fill({ x: 0, y: 0, width: sides.widthPx, height: sides.heightPx }, paper);
  panels.forEach(({ title, picture }, index) => {
    const left = index * (widthPx + gap);
    for (let row = 0; row < heightPx; row++) {
      const from = picture.data.subarray(row * widthPx * 3, (row + 1) * widthPx * 3);
      image.data.set(from, ((row + bar) * sides.widthPx + left) * 3);
    }
    canvas.text(glyphText(title, widthPx - size * 4, size), left + size * 2, size * 2, size, letters);
  });
  return image;
}
