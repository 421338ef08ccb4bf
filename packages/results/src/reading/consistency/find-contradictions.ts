import type { ResultRecord } from '../../record/record.js';
import { findBenchContradictions } from './bench.js';
import { findBrowserContradictions } from './browsers.js';
import type { Contradiction } from './contradiction.js';
import { findCountContradictions } from './counts.js';
import { findDetectionContradictions } from './detection.js';
import { findErrorContradictions } from './error-analysis.js';
import { findGroupContradictions } from './groups.js';
import { findIdentificationContradictions } from './identification.js';
import { findLandmarkContradictions } from './landmarks.js';
import { findLatencyContradictions } from './latency.js';
import { findLossContradictions } from './loss.js';
import { findMatrixContradictions } from './matrix.js';
import { findParityContradictions } from './parity.js';
import { findScenarioContradictions } from './scenario.js';
import { findVerificationContradictions } from './verification.js';
import { findWiderContradictions } from './wider.js';

/**
 * What of a record does not follow from the rest of it: every number that can be computed again from what is beside
 * it is. A record without the parts that this takes says nothing and is believed.
 *
 * @param record valid by `recordSchema`.
 * @throws {DatasetError} if the points of an image are malformed.
 * Cost: O(size of the record).
 */
export function findContradictions(record: ResultRecord): Contradiction[] {
  return [
    ...findCountContradictions(record),
    ...findBrowserContradictions(record),
    ...findWiderContradictions(record),
    ...findLatencyContradictions(record),
    ...findBenchContradictions(record),
    ...findScenarioContradictions(record),
    ...findVerificationContradictions(record),
    ...findIdentificationContradictions(record),
    ...findParityContradictions(record),
    ...findLossContradictions(record),
    ...findErrorContradictions(record),
    ...findLandmarkContradictions(record),
    ...findGroupContradictions(record),
    ...findDetectionContradictions(record),
    ...findMatrixContradictions(record),
  ];
}
