import {
  DatasetError,
  describeViolations,
  readUncheckedJson,
  shortenText,
  validateJson,
} from '@retinabench/core/basics';
import { contentDigest, type TextDigest } from '../record/digest.js';
import { protocolId } from '../record/protocol-id.js';
import type { ResultRecord } from '../record/record.js';
import { recordSchema } from '../record/schema.js';
import type { Contradiction } from './consistency/contradiction.js';
import { findContradictions } from './consistency/find-contradictions.js';

/**
 * Read a record from JSON text.
 *
 * @param place the file's name, for messages.
 * @param sha256 gives the digest in hex; a runtime's own is faster than the portable default.
 * @throws {DatasetError} if the text is not JSON (a truncated file among others) or has a key twice, the schema version is
 * another, a field is missing, unknown or out of range, the protocol id is not that of its settings, a number does not follow from
 * the fields beside it (AP from its curve and points, TAR from its ROC, counts from sums), or the digest is not that of
 * its content. A record without a digest, as older versions wrote it, is read, unless it states what only later versions
 * did: then the digest was removed.
 */
export function parseRecord(json: string, place: string, sha256?: TextDigest): ResultRecord {
  const next = 'the file may be truncated or edited: make it again';
  const value = readUncheckedJson(json, place, { what: 'a result record', next, ErrorClass: DatasetError });
  return acceptRecord(value, place, sha256);
}

/**
 * A record from JSON that its reader parsed already, in parts where the file is longer than a string.
 *
 * @throws {DatasetError} as parseRecord.
 */
export function acceptRecord(value: unknown, place: string, sha256?: TextDigest): ResultRecord {
  const record = assertRecord(value, place, sha256);
  const later = record.contentSha256 === undefined ? laterField(record) : undefined;
  if (later === undefined) return record;
  throw new DatasetError(
    `${place}: contentSha256: expected the digest of its content, which every record has that states ${later}, got nothing; the record was edited: make it again`,
  );
}

/** A field that only versions write that also write the digest. */
function laterField(record: ResultRecord): string | undefined {
  const { environment, dataset, resumed, failures, resampled, tide, calibration, operating } = record;
  const fields = {
    'environment.build': environment.build,
    'environment.browsers': environment.browsers,
    'dataset.groundTruthSha256': dataset?.groundTruthSha256,
    'dataset.imagesSha256': dataset?.imagesSha256,
    resumed,
    failures,
    resampled,
    tide,
    calibration,
    operating,
  };
  return Object.entries(fields).find(([, value]) => value !== undefined)?.[0];
}

/**
 * Assert that `value` is a result record; every writer calls it before it writes.
 *
 * @throws {DatasetError} as parseRecord.
 */
export function assertRecord(value: unknown, place: string, sha256?: TextDigest): ResultRecord {
  const version =
    typeof value === 'object' && value !== null && 'schemaVersion' in value ? value.schemaVersion : undefined;
  if (typeof version === 'number' && version > 1) {
    throw new DatasetError(
      `${place}: record of schema version ${version}, this version reads 1; update RetinaBench to read it`,
    );
  }
  const violations = validateJson(recordSchema, value);
  if (violations.length > 0) throw new DatasetError(`${place}: not a result record: ${describeViolations(violations)}`);
  const record = value as ResultRecord;
  const expected = protocolId(record.protocol);
  if (record.protocol.id !== expected) {
    throw new DatasetError(
      `${place}: protocol.id: expected ${expected}, the hash of the settings beside it, got ${record.protocol.id}; the record was edited: make it again`,
    );
  }
  const contradictions = contradictionsOf(record, place);
  if (contradictions.length > 0) {
    throw new DatasetError(
      `${place}: the record contradicts itself: ${describeViolations(contradictions)}; it was edited or damaged: make it again`,
    );
  }
  const { contentSha256: stated } = record;
  const digest = stated === undefined ? undefined : contentDigest(record, sha256);
  if (stated !== undefined && digest !== undefined && stated !== digest) {
    throw new DatasetError(
      `${place}: contentSha256: expected ${digest.slice(0, 12)}..., the digest of its content, got ${stated.slice(0, 12)}...; the record was edited: make it again`,
    );
  }
  return record;
}

function contradictionsOf(record: ResultRecord, place: string): Contradiction[] {
  try {
    return findContradictions(record);
  } catch (cause) {
    if (!(cause instanceof DatasetError)) throw cause;
    throw new DatasetError(`${place}: ${shortenText(cause.message, 500)}`, { cause });
  }
}
