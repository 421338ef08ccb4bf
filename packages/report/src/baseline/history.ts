import {
  canonicalJson,
  DatasetError,
  type JsonContract,
  type JsonSchema,
  readJson,
  sha256Hex,
} from '@retinabench/core';
import type { ResultRecord } from '@retinabench/results';

/** One accepted baseline: a line of the history file. */
export interface BaselineEntry {
  readonly acceptedAt: string;
  /** The commit whose numbers these are; absent outside a repository. */
  readonly commit?: string;
  /** SHA-256 of the record as canonical JSON. */
  readonly recordSha256: string;
  /** Who decided. */
  readonly by: string;
  /** Why. */
  readonly why: string;
  readonly kind: ResultRecord['kind'];
  readonly model?: string;
  readonly backend?: string;
  readonly dataset?: string;
  readonly protocolId: string;
  /** The headline numbers, by the name of their gate rule, such as `ap.hard`; trends are drawn from them. */
  readonly values: Readonly<Record<string, number>>;
  /** SHA-256 of the line before this one, absent on the first: a line changed afterwards is found. */
  readonly previousSha256?: string;
}

const text: JsonSchema = { type: 'string', minLength: 1 };
const digest: JsonSchema = { type: 'string', pattern: '^[0-9a-f]{64}$' };

const entrySchema: JsonSchema = {
  type: 'object',
  properties: {
    acceptedAt: text,
    commit: { type: 'string', pattern: '^[0-9a-f]{7,64}$' },
    recordSha256: digest,
    by: text,
    why: text,
    kind: text,
    model: text,
    backend: text,
    dataset: text,
    protocolId: { type: 'string', pattern: '^[0-9a-f]{12}$' },
    values: { type: 'object', additionalProperties: { type: 'number' } },
    previousSha256: digest,
  },
  required: ['acceptedAt', 'recordSha256', 'by', 'why', 'kind', 'protocolId', 'values'],
  additionalProperties: false,
};

const contract: JsonContract = {
  schema: entrySchema,
  what: 'an accepted baseline',
  next: 'restore the line from version control',
  ErrorClass: DatasetError,
};

/**
 * Read a history of baselines, one JSON object a line, oldest first, and check its chain.
 *
 * @param place the file's name, for messages.
 * @throws {DatasetError} if a line is malformed or torn, or was changed, removed or moved after it was written.
 */
export function parseHistory(content: string, place: string): BaselineEntry[] {
  if (content === '') return [];
  const lines = content.split('\n');
  if (lines.pop() !== '') {
    throw new DatasetError(
      `${place}:${lines.length + 1}: expected a line break at the end, got a torn line; restore the file from version control`,
    );
  }
  let previous: string | undefined;
  return lines.map((line, index) => {
    const entry = parseEntry(line, `${place}:${index + 1}`);
    if (entry.previousSha256 !== previous) {
      throw new DatasetError(
        `${place}:${index + 1}: expected the line after ${previous?.slice(0, 12) ?? 'the start'}, got the one after ${entry.previousSha256?.slice(0, 12) ?? 'the start'}; the file is append-only: restore it from version control`,
      );
    }
    previous = digestOf(line);
    return entry;
  });
}

/**
 * The line that appends `entry` to a history, with its line break.
 *
 * @param content the history so far.
 */
export function appendLine(content: string, entry: Omit<BaselineEntry, 'previousSha256'>): string {
  const last = content.split('\n').at(-2);
  return `${JSON.stringify(last === undefined ? entry : { ...entry, previousSha256: digestOf(last) })}\n`;
}

/** The digest by which a history names a record: equal for equal content, whatever the order of its keys. */
export function recordDigest(record: ResultRecord): string {
  return digestOf(canonicalJson(record));
}

function parseEntry(line: string, place: string): BaselineEntry {
  return readJson<BaselineEntry>(line, place, contract);
}

function digestOf(content: string): string {
  return sha256Hex(new TextEncoder().encode(content));
}
