import type { JsonSchema } from '@retinabench/core';
import { objectSchema } from '@retinabench/core/basics';
import { atLeastZero, count, finite, fraction, interval, mapOf } from './schema-parts.js';

function listOf<const Items extends JsonSchema>(items: Items) {
  return { type: 'array', items } as const;
}

const landmarkSummary = objectSchema(
  {
    faces: count,
    missed: count,
    nme: atLeastZero,
    median: atLeastZero,
    deviation: atLeastZero,
    failureRate: mapOf(fraction),
    auc: mapOf(fraction),
  },
  ['faces', 'missed', 'failureRate', 'auc'],
);

/** `LandmarkResult` as JSON Schema. */
export const landmarkSchema = objectSchema(
  {
    withoutPoints: count,
    withoutLength: count,
    unmatched: count,
    incomplete: count,
    matchedOnly: landmarkSummary,
    missesAsFailures: landmarkSummary,
    nmeWithMissesAsOne: atLeastZero,
    interval: mapOf(interval),
    perPoint: listOf(atLeastZero),
    perGroup: mapOf(atLeastZero),
    ced: objectSchema({ error: listOf(atLeastZero), share: listOf(fraction) }),
    bins: mapOf(mapOf(landmarkSummary)),
    meanOfBins: mapOf(atLeastZero),
    images: listOf(objectSchema({ name: { type: 'string', minLength: 1 }, errors: listOf(finite) })),
  },
  [
    'withoutPoints',
    'withoutLength',
    'unmatched',
    'incomplete',
    'missesAsFailures',
    'nmeWithMissesAsOne',
    'perPoint',
    'ced',
    'images',
  ],
);
