import {
  cumulativeErrors,
  type LandmarkImage,
  type LandmarkResult,
  protocolId,
  type ResultRecord,
  summariseErrors,
} from '../../src/index.js';
import { validRecord } from './valid-record.js';

/** A landmark record of images with these errors, -1 for a missed face. */
export function landmarkRecord(images: readonly LandmarkImage[], more: Partial<LandmarkResult> = {}): ResultRecord {
  const errors = Float64Array.from(
    images.flatMap((image) => image.errors),
    (error) => (error < 0 ? Infinity : error),
  );
  const matched = errors.filter(Number.isFinite);
  const settings = { task: 'landmarks', normaliser: 'box' };
  const { schemaVersion, createdAt, environment } = validRecord;
  return {
    schemaVersion,
    kind: 'landmarks',
    createdAt,
    environment,
    protocol: { id: protocolId(settings), ...settings },
    landmarks: {
      withoutPoints: 0,
      withoutLength: 0,
      unmatched: 0,
      incomplete: 0,
      ...(matched.length === 0 ? {} : { matchedOnly: summariseErrors(matched, [0.1]) }),
      missesAsFailures: summariseErrors(errors, [0.1]),
      nmeWithMissesAsOne: errors.reduce((sum, error) => sum + Math.min(error, 1), 0) / errors.length,
      perPoint: [],
      ced: cumulativeErrors(errors, 0.15, 3),
      images,
      ...more,
    },
  };
}
