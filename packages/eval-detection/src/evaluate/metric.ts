/** Families of numbers that an evaluation gives. */
export const metrics = ['coco', 'voc', 'f1', 'fppi'] as const;

/** One of `metrics`. */
export type Metric = (typeof metrics)[number];
