import type { Box } from './data-sets.js';

type Write = (box: Box, W: number, H: number) => Box;

/** What is done to the boxes of a side before they are written. */
export interface Mistake {
  readonly name: string;
  readonly faces: Write;
  readonly detections: Write;
  /** Whether the boxes are what they are meant to be: then the number as given is right. */
  readonly isConvention: boolean;
}

const same: Write = (box) => box;
const corners: Write = ([x, y, w, h]) => [x, y, x + w, y + h];
const centres: Write = ([x, y, w, h]) => [x + w / 2, y + h / 2, w, h];
const clip = ([x, y, w, h]: Box, W: number, H: number): Box => {
  const [x1, y1] = [Math.max(x, 0), Math.max(y, 0)];
  return [x1, y1, Math.min(x + w, W) - x1, Math.min(y + h, H) - y1];
};
const about =
  (factor: number, up: number): Write =>
  ([x, y, w, h]) => [x - ((factor - 1) * w) / 2, y - ((factor - 1) * h) / 2 - up * h, factor * w, factor * h];
const clipped =
  (write: Write): Write =>
  (box, W, H) =>
    clip(write(box, W, H), W, H);
const anchored =
  (factor: number): Write =>
  ([x, y, w, h]) => [x, y, factor * w, factor * h];
const scaled =
  (factor: number): Write =>
  (box) =>
    box.map((v) => factor * v) as unknown as Box;

const of = (name: string, faces: Write, detections: Write, isConvention = false): Mistake => ({
  name,
  faces,
  detections,
  isConvention,
});

/** All that is tried: sound boxes, other conventions, and mistakes of either side and of both. */
export const mistakes: readonly Mistake[] = [
  of('nothing', same, same, true),
  of('heads annotated, 1.5 times', about(1.5, 0), same, true),
  of('heads annotated, 1.5 times and up, clipped', clipped(about(1.5, 0.12)), same, true),
  of('heads annotated, 1.8 times, clipped', clipped(about(1.8, 0.1)), same, true),
  of('heads detected, 1.5 times', same, about(1.5, 0), true),
  of('inner faces annotated, 0.65 times', about(0.65, -0.05), same, true),
  of('annotated from x, y and 1.5 times as large', anchored(1.5), same),
  of('detected from x, y and 1.5 times as large', same, anchored(1.5)),
  of('detected from x, y and 1.25 times as large', same, anchored(1.25)),
  of('detected from x, y and twice as large', same, anchored(2)),
  of('corners detected', same, corners),
  of('corners annotated', corners, same),
  of('corners on both sides', corners, corners),
  of('detected on images of half the size', same, scaled(0.5)),
  of('detected 20 pixels off', same, ([x, y, w, h]) => [x + 20, y + 20, w, h]),
  of('centres detected', same, centres),
  of('centres annotated', centres, same),
];
