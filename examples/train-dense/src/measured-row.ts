import type { FaceMeasure, Pose } from './face-measures.js';
import type { Part } from './sources.js';

/** Ways to numbers for a face: mean face under the best similarity or camera, the head, fits of so many rounds. */
export type Way = 'similarity' | 'camera' | 'head' | 'cold40' | 'cold200' | 'head40';

/** What was measured of one face. */
export interface MeasuredRow {
  readonly part: Part;
  readonly file: string;
  /** Height of the box, pixels of the network's input. */
  readonly heightPx: number;
  readonly measures: Partial<Record<Way, FaceMeasure>>;
  /** The weighted sum that a fit minimises, at its end, at 128 px. */
  readonly totals: Partial<Record<Way, number>>;
  readonly pose: { readonly head: Pose; readonly landmarks: Pose };
  /** Why the head's mesh could not be drawn. */
  readonly lost?: string;
}
