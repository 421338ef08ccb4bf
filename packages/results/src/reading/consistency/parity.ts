import type { ParityResult } from '../../record/parity-result.js';
import type { ResultRecord } from '../../record/record.js';
import { splits } from '../../record/split.js';
import { type Contradiction, requireThat } from './contradiction.js';

/** Contradictions within a parity record: a backend marked as within tolerance whose numbers are not. */
export function findParityContradictions({ parity = [], protocol }: ResultRecord): Contradiction[] {
  return parity.flatMap((result, index) => {
    const path = `parity[${index}]`;
    const departure = result.withinTolerance ? departureOf(result, protocol) : undefined;
    return [
      ...Object.entries(magnitudes(result)).flatMap(([name, value]) =>
        requireThat(value >= 0, `${path}.${name}`, 'at least 0', value),
      ),
      ...requireThat(
        (result.tied ?? 0) <= result.detections,
        `${path}.tied`,
        `at most the detections, ${result.detections}`,
        result.tied ?? 0,
      ),
      ...requireThat(
        departure === undefined,
        `${path}.withinTolerance`,
        `false, for ${result.backend} ${departure ?? ''}`,
        'true',
      ),
    ];
  });
}

function magnitudes(result: ParityResult): Record<string, number> {
  const {
    scoreMaxAbsolute,
    boxMaxPx,
    landmarkMaxPx = 0,
    landmarkNme = 0,
    tolerance,
    boxTolerancePx,
    outputMaxAbsolute,
    outputMaxRelative = {},
  } = result;
  const named = (field: string, values: Readonly<Record<string, number>>): [string, number][] =>
    Object.entries(values).map(([name, value]) => [`${field}.${name}`, value]);
  return {
    scoreMaxAbsolute,
    boxMaxPx,
    landmarkMaxPx,
    landmarkNme,
    tolerance,
    ...(boxTolerancePx === undefined ? {} : { boxTolerancePx }),
    ...Object.fromEntries(named('outputMaxAbsolute', outputMaxAbsolute)),
    ...Object.fromEntries(named('outputMaxRelative', outputMaxRelative)),
  };
}

function departureOf(
  { failure, boxMaxPx, landmarkMaxPx = 0, boxTolerancePx, unmatched, detections, apDifference }: ParityResult,
  { unmatchedShare, apTolerance }: ResultRecord['protocol'],
): string | undefined {
  if (failure !== undefined) return 'stopped with a failure';
  if (boxTolerancePx !== undefined && boxMaxPx > boxTolerancePx) {
    return `moves a box by ${boxMaxPx} px, its tolerance is ${boxTolerancePx}`;
  }
  if (boxTolerancePx !== undefined && landmarkMaxPx > boxTolerancePx) {
    return `moves a landmark by ${landmarkMaxPx} px, its tolerance is ${boxTolerancePx}`;
  }
  if (typeof unmatchedShare === 'number' && unmatched > Math.ceil(unmatchedShare * detections)) {
    return `leaves ${unmatched} of ${detections} detections without a partner, at most ${unmatchedShare} of them may be`;
  }
  if (typeof apTolerance !== 'number') return undefined;
  const split = splits.find((name) => Math.abs(apDifference?.[name] ?? 0) > apTolerance);
  return split === undefined
    ? undefined
    : `differs in ${split} AP by ${apDifference?.[split]}, its tolerance is ${apTolerance}`;
}
