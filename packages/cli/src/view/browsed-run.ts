import type { ViewRun } from '@retinabench/report';

/** A run as the page has it, with what the server keeps. */
export interface BrowsedRun {
  readonly run: ViewRun;
  /** Float64Array [detections, 4]: (x, y, w, h), pixels. */
  readonly boxesXywh: Float64Array;
  /** In what annotations and detections are not those of the record, beside its numbers. */
  readonly doubts?: readonly string[];
}
