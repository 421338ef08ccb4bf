import type { OperatingTable } from '@retinabench/results';
import { type JudgedDetections, outcomeOf } from '../calibration/judged-detections.js';
import type { ResamplingOptions } from '../resample/draw-images.js';
import { stateResampling } from '../resample/state-resampling.js';
import { formatWanted, type Wanted } from '../thresholds/find-threshold.js';
import { operatingPoints, usualRates } from '../thresholds/operating-points.js';

/** What a table of operating points takes. */
export interface OperatingOptions {
  /** How detections were matched, in a word for the record. */
  readonly matching: string;
  /** Which faces count, where the record has several sets of them. */
  readonly counted?: string;
  /** Absent: `usualRates`. */
  readonly wanted?: readonly Wanted[];
  /** Absent: no intervals. */
  readonly resampling?: ResamplingOptions;
}

/**
 * The table of operating points as a record has it: what was asked for, else the usual rates.
 *
 * @returns undefined if no detection or no face counts.
 * @throws as operatingPoints.
 */
export function analyseOperating(
  judged: JudgedDetections,
  { matching, counted, wanted = usualRates, resampling }: OperatingOptions,
): OperatingTable | undefined {
  const faces = judged.faces.reduce((sum, count) => sum + count, 0);
  if (faces === 0 || judged.outcomes.every((outcome) => outcome === outcomeOf.ignored)) return undefined;
  const asked = new Map(wanted.map((rate) => [formatWanted(rate), rate]));
  const rows = operatingPoints(judged, [...asked.values()], resampling);
  const unreached = rows.flatMap((row) =>
    row.found ? [] : [{ wanted: formatWanted(row.wanted), nearestScore: row.nearestScore, reached: row.reached }],
  );
  return {
    matching,
    ...(counted === undefined ? {} : { counted }),
    images: judged.faces.length,
    faces,
    points: rows.flatMap((row) => (row.found ? [{ ...row.point, wanted: formatWanted(row.point.wanted) }] : [])),
    ...(unreached.length === 0 ? {} : { unreached }),
    ...(resampling === undefined ? {} : { resampling: stateResampling(resampling) }),
  };
}
