import {
  checkJson,
  DatasetError,
  type JsonContract,
  type JsonSchema,
  objectSchema,
  objectSchemaWithOptional,
} from '@retinabench/core';
import { type DetectedImage, denseRow, detectedImageProperties } from './detected-image.js';

/** The detections of one image with what they were made of and when, as the log of a run holds them. */
export interface LoggedImage extends DetectedImage {
  /** SHA-256 of the image's bytes. */
  readonly sha256: string;
  /** ISO-8601. */
  readonly detectedAt: string;
  /** Time of the detector on the decoded image, in milliseconds; absent in logs of older versions. */
  readonly detectMs?: number | undefined;
  /** In what the machine that detected it differs from what the run asks for; absent: in nothing. */
  readonly madeBy?: readonly string[] | undefined;
}

/** Says that what the log holds of an image so far is of other bytes, and that it could not be detected since. */
export interface ForgottenImage {
  readonly image: string;
  readonly forgotten: true;
}

const { image, detections } = detectedImageProperties;
const next = 'run again with --fresh';
const logged: JsonContract = {
  schema: objectSchemaWithOptional(
    {
      ...detectedImageProperties,
      sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      detectedAt: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$' },
      landmarks: detections,
      points: detections,
      dense: detections,
      detectMs: { type: 'number', minimum: 0 },
      madeBy: { type: 'array', items: { type: 'string' }, minItems: 1 },
    } satisfies Record<string, JsonSchema>,
    ['landmarks', 'points', 'dense', 'detectMs', 'madeBy'],
  ),
  what: 'a detected image',
  next,
  ErrorClass: DatasetError,
};
const forgotten: JsonContract = {
  schema: objectSchema({ image, forgotten: { const: true } }),
  what: 'a forgotten image',
  next,
  ErrorClass: DatasetError,
};

/**
 * Assert that a line of a run's log is an image that was detected or forgotten.
 *
 * @throws {DatasetError} naming `place` and the field.
 */
export function parseLogEntry(value: unknown, place: string): LoggedImage | ForgottenImage {
  if (typeof value === 'object' && value !== null && 'forgotten' in value) {
    return checkJson(value, place, forgotten);
  }
  const entry = isLogged(value) ? value : checkJson<LoggedImage>(value, place, logged);
  const { detections: numbers, landmarks, points, dense } = entry;
  if (numbers.length % 5 !== 0) {
    throw new DatasetError(`${place}: not ${logged.what}: ${numbers.length} numbers, not five a detection; ${next}`);
  }
  if (landmarks !== undefined && landmarks.length !== numbers.length * 2) {
    throw new DatasetError(
      `${place}: not ${logged.what}: ${landmarks.length} numbers of landmarks for ${numbers.length / 5} detections, not ten each; ${next}`,
    );
  }
  const faces = numbers.length / 5;
  if (points !== undefined && (faces === 0 ? points.length > 0 : points.length % (2 * faces) !== 0)) {
    throw new DatasetError(
      `${place}: not ${logged.what}: ${points.length} numbers of points for ${faces} detections, not as many each; ${next}`,
    );
  }
  if (dense !== undefined && (dense.length % denseRow !== 0 || dense.length > denseRow * faces)) {
    throw new DatasetError(
      `${place}: not ${logged.what}: ${dense.length} numbers of the dense head for ${faces} detections, not ${denseRow} each; ${next}`,
    );
  }
  return entry;
}

const namePattern = new RegExp(image.pattern, 'u');
const sha256Pattern = /^[0-9a-f]{64}$/;
const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/** Whether a value has all that the contract asks for of boxes alone and nothing else, which is said in a tenth of the time. */
function isLogged(value: unknown): value is LoggedImage {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Partial<LoggedImage>;
  return (
    typeof entry.image === 'string' &&
    namePattern.test(entry.image) &&
    isSide(entry.widthPx) &&
    isSide(entry.heightPx) &&
    Array.isArray(entry.detections) &&
    entry.detections.every(Number.isFinite) &&
    typeof entry.sha256 === 'string' &&
    sha256Pattern.test(entry.sha256) &&
    typeof entry.detectedAt === 'string' &&
    timePattern.test(entry.detectedAt) &&
    typeof entry.detectMs === 'number' &&
    entry.detectMs >= 0 &&
    Object.keys(value).length === 7
  );
}

function isSide(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1;
}
