/** COCO's IoU thresholds 0.50, 0.55 ... 0.95, as NumPy's `linspace` computes them. */
export const cocoIouThresholds: readonly number[] = Array.from({ length: 10 }, (_, i) =>
  i === 9 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / 9),
);
