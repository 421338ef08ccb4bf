import { objectSchema } from '@retinabench/core/basics';
import { count, finite, mapOf, text } from './schema-parts.js';
import type { Split } from './split.js';

/** Agreement of one backend with the reference on one model. */
export interface ParityResult {
  readonly backend: string;
  /** Of its runtime. */
  readonly version?: string;
  readonly images: number;
  readonly outputMaxAbsolute: Readonly<Record<string, number>>;
  /** Over elements whose reference is at least 0.001 in magnitude. */
  readonly outputMaxRelative?: Readonly<Record<string, number>>;
  /** Largest difference that each output may show, beside the backend's relative one, in the unit of its role. */
  readonly outputTolerance?: Readonly<Record<string, number>>;
  /** What the numbers of each output are: score, logit, offset, fraction, pixel, parameter. */
  readonly outputRole?: Readonly<Record<string, string>>;
  readonly scoreMaxAbsolute: number;
  readonly boxMaxPx: number;
  /** Largest distance of a landmark, pixels; and the mean over the faces that both find of theirs over sqrt(w h) of the box. */
  readonly landmarkMaxPx?: number;
  readonly landmarkNme?: number;
  readonly unmatched: number;
  readonly detections: number;
  /** Detections of the reference whose score another of their image shares but for a rounding; absent: none, or an old record. */
  readonly tied?: number;
  readonly apDifference?: Readonly<Partial<Record<Split, number>>>;
  /** Largest difference of a raw output that the backend may show, beside its relative one. */
  readonly tolerance: number;
  readonly boxTolerancePx?: number;
  /** First node whose output departs from the reference. */
  readonly firstDeparture?: string;
  /** Why the backend stopped before the last image. */
  readonly failure?: string;
  readonly withinTolerance: boolean;
}

/** `ParityResult` as JSON Schema. */
export const paritySchema = objectSchema(
  {
    backend: text,
    version: text,
    images: count,
    outputMaxAbsolute: mapOf(finite),
    outputMaxRelative: mapOf(finite),
    outputTolerance: mapOf(finite),
    outputRole: mapOf(text),
    scoreMaxAbsolute: finite,
    boxMaxPx: finite,
    landmarkMaxPx: finite,
    landmarkNme: finite,
    unmatched: count,
    detections: count,
    tied: count,
    apDifference: objectSchema({ easy: finite, medium: finite, hard: finite }, []),
    tolerance: finite,
    boxTolerancePx: finite,
    firstDeparture: text,
    failure: text,
    withinTolerance: { type: 'boolean' },
  },
  [
    'backend',
    'images',
    'outputMaxAbsolute',
    'scoreMaxAbsolute',
    'boxMaxPx',
    'unmatched',
    'detections',
    'tolerance',
    'withinTolerance',
  ],
);
