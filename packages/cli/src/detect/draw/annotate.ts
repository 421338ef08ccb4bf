import type { RgbImage } from '@retinabench/backends';
import type { Face } from '../face.js';
import { Canvas, type Colour, type PixelRect, textSides } from './canvas.js';

const ink: Colour = [12, 12, 16];
const point: Colour = [40, 220, 255];

/** Colours of boxes from a score on: likely, doubtful, unlikely. */
const boxColours: readonly (readonly [from: number, colour: Colour])[] = [
  [0.9, [96, 240, 64]],
  [0.7, [255, 220, 40]],
  [-Infinity, [255, 130, 40]],
];

/** Sides from which a picture is large enough to read labels on; a smaller one is enlarged. */
const legibleSidePx = 480;

/** How much an image is enlarged before it is drawn on: a whole number. */
export function enlargement({ widthPx, heightPx }: Pick<RgbImage, 'widthPx' | 'heightPx'>): number {
  return Math.max(1, Math.ceil(legibleSidePx / Math.max(widthPx, heightPx)));
}

/** Side of a font pixel on a picture of these sides: text stays about as large when the picture is fitted to a screen. */
export function fontPixel({ widthPx, heightPx }: Pick<RgbImage, 'widthPx' | 'heightPx'>): number {
  return Math.max(2, Math.round(Math.max(widthPx, heightPx) / 560));
}

/**
 * Draw boxes, landmarks and scores on a picture. A label goes where it covers no other label and no part of a smaller
 * face; where there is no such place, a box has no label.
 *
 * @param picture is painted on; `enlarged` times the image that the faces are of.
 */
export function annotate(picture: RgbImage, faces: readonly Face[], enlarged: number): void {
  const canvas = new Canvas(picture);
  const line = Math.max(2, Math.round(Math.max(picture.widthPx, picture.heightPx) / 400));
  const size = fontPixel(picture);
  const boxes = faces.map(({ boxXywh }) => pixelRect(boxXywh, enlarged));
  // The best are drawn last, on top.
  for (let face = faces.length - 1; face >= 0; face--) {
    const box = boxes[face];
    const thin = Math.max(1, Math.min(line, Math.round(Math.min(box.width, box.height) / 12)));
    canvas.outline(box, thin + 2, ink);
    canvas.outline(box, thin, colourOf(faces[face].score));
    const radius = Math.max(1, Math.min(line * 1.2, box.width / 20));
    for (const [x, y] of faces[face].landmarks ?? []) {
      canvas.disc(x * enlarged, y * enlarged, radius + 1, ink);
      canvas.disc(x * enlarged, y * enlarged, radius, point);
    }
  }
  const labels: PixelRect[] = [];
  faces.forEach(({ score }, face) => {
    const text = score.toFixed(2);
    const sides = textSides(text, size);
    const label = { width: sides.width + size * 2, height: sides.height + size };
    const place = placeLabel(boxes[face], label, line, picture, [...labels, ...boxes.filter((_, i) => i !== face)]);
    if (place === undefined) return;
    labels.push(place);
    canvas.fill(place, colourOf(score));
    canvas.text(text, place.x + size, place.y + size, size, ink);
  });
}

function colourOf(score: number): Colour {
  return (boxColours.find(([from]) => score >= from) ?? boxColours[boxColours.length - 1])[1];
}

function pixelRect([x, y, w, h]: Face['boxXywh'], enlarged: number): PixelRect {
  const [left, top] = [Math.round(x * enlarged), Math.round(y * enlarged)];
  return {
    x: left,
    y: top,
    width: Math.max(1, Math.round((x + w) * enlarged) - left),
    height: Math.max(1, Math.round((y + h) * enlarged) - top),
  };
}

/** Above, below, right or left of a box, or in a large one, inside the picture, and free. */
function placeLabel(
  box: PixelRect,
  label: { readonly width: number; readonly height: number },
  gap: number,
  picture: RgbImage,
  taken: readonly PixelRect[],
): PixelRect | undefined {
  const within = (x: number): number => Math.max(0, Math.min(x, picture.widthPx - label.width));
  const columns = [within(box.x), within(box.x + box.width - label.width)];
  const rows = [box.y - label.height - gap, box.y + box.height + gap];
  const inside =
    box.width > label.width * 1.5 && box.height > label.height * 3
      ? [box.x, box.x + box.width - label.width].map((x) => ({ x, y: box.y }))
      : [];
  const places = [
    ...rows.flatMap((y) => columns.map((x) => ({ x, y }))),
    { x: box.x + box.width + gap, y: box.y },
    { x: box.x - label.width - gap, y: box.y },
    ...inside,
  ].map((corner) => ({ ...corner, ...label }));
  return places.find(
    (place) =>
      place.x >= 0 &&
      place.y >= 0 &&
      place.x + place.width <= picture.widthPx &&
      place.y + place.height <= picture.heightPx &&
      !taken.some((other) => overlaps(place, other) && !holds(other, place)),
  );
}

function overlaps(a: PixelRect, b: PixelRect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Whether a much larger box holds a label whole, such as a poster that holds faces; labels are never that large. */
function holds(outer: PixelRect, inner: PixelRect): boolean {
  return outer.width > inner.width * 4 && outer.height > inner.height * 8 && overlaps(outer, inner);
}
