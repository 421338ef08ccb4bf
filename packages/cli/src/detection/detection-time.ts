import type { LoggedImage } from '@retinabench/backends/runs';
import { quantile } from '@retinabench/results';

/** How long a detector took on images. */
export interface TimedCell {
  /** Median time of the detector on an image, among all workers at once; absent where the log does not say. */
  readonly detectMs?: { readonly median: number; readonly images: number };
}

/** The median time of a detector on the images of a run, earlier runs of it included. */
export function detectionTime(images: readonly LoggedImage[]): TimedCell {
  const times = images.flatMap(({ detectMs }) => (detectMs === undefined ? [] : [detectMs]));
  return times.length === 0
    ? {}
    : {
        detectMs: {
          median: quantile(times, 0.5),
          images: times.length,
        },
      };
}
