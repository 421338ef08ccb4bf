import type { Interval, ResultRecord } from '@retinabench/results';
import { isOfCard, modelHash, modelKey, scoringKey, sharedSettings } from '../gate/detector.js';
import type { ParityCell } from './decision-table.js';
import { detectsAlike, detectsUnlike } from './detects-alike.js';
import type { NamedRecord } from './named-record.js';
import { parityCell } from './parity-cells.js';
import { isOfDetector, ownTime, type Timed, timedRecords } from './timed.js';

/** A row before its numbers are compared. */
export interface JoinedRow {
  /** Its record of accuracy; absent: only timed. */
  readonly member?: NamedRecord;
  readonly modelId: string | undefined;
  readonly model: string;
  readonly backend?: string;
  readonly scale?: string;
  readonly detail?: string;
  /** The newest time of each condition. */
  readonly times: readonly Timed[];
  /** Where bench timed the detector with other settings alone: these, such as `scale original for long:640`. */
  readonly timedElsewhere: readonly string[];
  readonly bytes?: number;
  readonly memoryPeakBytes?: number;
  readonly parity?: ParityCell;
  readonly landmarks?: { readonly key: string; readonly nme: number; readonly interval?: Interval };
}

/**
 * The rows of a table: its records of accuracy, each with what else is known of its model on its backend with its settings
 * (`detectsAlike`), and a row for each backend on which a model of the table is timed and not so evaluated.
 *
 * @param members the records of the table, of accuracy or of times alone.
 * @param records all of the page.
 */
export function joinRows(members: readonly NamedRecord[], records: readonly NamedRecord[]): JoinedRow[] {
  const timed = timedRecords(records);
  const isTimes = members[0].record.kind === 'latency';
  const evaluated = isTimes ? [] : members;
  const scales = [...new Set(evaluated.map(({ record }) => scaleOf(record)))];
  const rows = evaluated.map((member) => rowOf(member, member.record, scales, timed, records));
  const models = new Set(members.map(({ record }) => modelKey(record)));
  const isJoined = ({ record }: Timed): boolean =>
    evaluated.some(
      (member) => detectorKey(member.record) === detectorKey(record) && detectsAlike(member.record, record),
    );
  const alone = timed.filter((time) => models.has(modelKey(time.record)) && !isJoined(time));
  const known = new Set<string>();
  const more = alone.flatMap(({ key, record }) => {
    const card = JSON.stringify([detectorKey(record), sharedSettings(record.protocol, isOfCard)]);
    const named = records.find((other) => other.key === key);
    if (known.has(card) || named === undefined) return [];
    known.add(card);
    return [rowOf(undefined, record, [], alone, records, named.name)];
  });
  return withDetails(byModel([...rows, ...more]), evaluated);
}

function rowOf(
  member: NamedRecord | undefined,
  record: ResultRecord,
  scales: readonly (string | undefined)[],
  timed: readonly Timed[],
  records: readonly NamedRecord[],
  name = member?.name ?? '',
): JoinedRow {
  const detector = { model: modelKey(record), backend: record.backend?.id };
  const scale = scales.length > 1 ? scaleOf(record) : undefined;
  const ofDetector = timed.filter((time) => isOfDetector(time, detector));
  // A row of times alone has those at all scales, each in its column.
  const which = member === undefined ? 'card' : 'all';
  const alike = ofDetector.filter((time) => detectsAlike(record, time.record, which));
  const own = member === undefined ? undefined : ownTime(member.key, record);
  const times = newest([...alike, ...(own === undefined ? [] : [own])]);
  const memoryPeakBytes = (times.find(({ record: { memoryPeakBytes: peak } }) => peak !== undefined)?.record ?? record)
    .memoryPeakBytes;
  const parity = parityCell(records, detector);
  const landmarks = landmarksOf(member, detector, records);
  const bytes =
    record.model?.bytes ?? ofDetector.find(({ record: { model } }) => model?.bytes !== undefined)?.record.model?.bytes;
  return {
    ...(member === undefined ? {} : { member }),
    modelId: detector.model,
    model: record.model?.id ?? name,
    ...(detector.backend === undefined ? {} : { backend: detector.backend }),
    ...(scale === undefined ? {} : { scale }),
    times,
    timedElsewhere: alike.length > 0 ? [] : ofDetector.flatMap((time) => unlikeSettings(record, time.record)),
    ...(bytes === undefined ? {} : { bytes }),
    ...(memoryPeakBytes === undefined ? {} : { memoryPeakBytes }),
    ...(parity === undefined ? {} : { parity }),
    ...(landmarks === undefined ? {} : { landmarks }),
  };
}

/** `scale original for long:640`: what bench ran with, for what the row was evaluated with. */
function unlikeSettings(row: ResultRecord, timed: ResultRecord): string[] {
  return detectsUnlike(row, timed).map((name) => `${name} ${timed.protocol[name]} for ${row.protocol[name]}`);
}

/** Rows of one model stand together, in the order of the first of each. */
function byModel(rows: readonly JoinedRow[]): JoinedRow[] {
  const groups = new Map<string, JoinedRow[]>();
  for (const row of rows) {
    const key = row.modelId ?? row.member?.key ?? row.model;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flat();
}

/** Of several times under one condition the one made last. */
function newest(times: readonly Timed[]): Timed[] {
  const last = new Map<string, Timed>();
  for (const time of times) {
    const other = last.get(time.condition);
    if (other === undefined || other.record.createdAt <= time.record.createdAt) last.set(time.condition, time);
  }
  return [...last.values()];
}

/** The landmark error of the same model on the same backend, where all such records of the page are of one protocol and data set. */
function landmarksOf(
  member: NamedRecord | undefined,
  detector: { readonly model: string | undefined; readonly backend: string | undefined },
  records: readonly NamedRecord[],
): JoinedRow['landmarks'] {
  if (member?.record.kind === 'landmarks' || detector.model === undefined) return undefined;
  const of = records.filter(({ record }) => record.kind === 'landmarks' && record.protocol.normaliser !== 'pixels');
  const conditions = new Set(of.map(({ record }) => `${scoringKey(record)} ${scaleOf(record)}`));
  const found = of.filter(
    ({ record }) =>
      modelKey(record) === detector.model &&
      record.backend?.id === detector.backend &&
      (member === undefined || detectsAlike(member.record, record, 'card')),
  );
  const [only] = found;
  const nme = only?.record.landmarks?.matchedOnly?.nme;
  if (conditions.size !== 1 || found.length !== 1 || nme === undefined) return undefined;
  const interval = only.record.landmarks?.interval?.nme;
  return { key: only.key, nme, ...(interval === undefined ? {} : { interval }) };
}

/**
 * What tells apart rows that would have one name: the hash of the model where several have one id, and the rest of what their
 * records are called.
 */
function withDetails(rows: readonly JoinedRow[], members: readonly NamedRecord[]): JoinedRow[] {
  const nameOf = ({ modelId, model, backend, scale }: JoinedRow): string =>
    JSON.stringify([modelId, model, backend, scale]);
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(nameOf(row), (counts.get(nameOf(row)) ?? 0) + 1);
  return rows.map((row) => {
    const hash = hashPart(row, rows);
    const isAmbiguous =
      (counts.get(nameOf(row)) ?? 0) > 1 ||
      (row.member === undefined && rows.some((other) => other.member !== undefined && isOneDetector(row, other)));
    const details = [hash, isAmbiguous ? restOfName(row, hash, members) : undefined];
    const told = details.filter((part) => part !== undefined);
    return told.length === 0 ? row : { ...row, detail: told.join(' · ') };
  });
}

function isOneDetector(a: JoinedRow, b: JoinedRow): boolean {
  return a.modelId === b.modelId && a.backend === b.backend;
}

function hashPart(row: JoinedRow, rows: readonly JoinedRow[]): string | undefined {
  const hashes = new Set(rows.filter(({ model }) => model === row.model).map(({ modelId }) => modelId));
  if (hashes.size < 2) return undefined;
  return row.modelId === undefined || row.modelId === row.model ? 'no hash' : modelHash(row.modelId);
}

function restOfName(row: JoinedRow, hash: string | undefined, members: readonly NamedRecord[]): string | undefined {
  if (row.member === undefined) {
    const scales = new Set(row.times.map(({ record }) => scaleOf(record) ?? 'unknown'));
    return `timed alone, scale ${[...scales].join(' and ')}`;
  }
  const member = members.find(({ key }) => key === row.member?.key);
  if (member === undefined) return undefined;
  const shown = new Set([row.model, row.backend, `scale ${row.scale}`, hash]);
  const rest = member.name.split(' · ').filter((part) => !shown.has(part));
  return rest.length > 0 ? rest.join(' · ') : member.key;
}

function detectorKey(record: ResultRecord): string {
  return JSON.stringify([modelKey(record), record.backend?.id]);
}

function scaleOf({ protocol }: ResultRecord): string | undefined {
  return protocol.scale === undefined ? undefined : String(protocol.scale);
}
