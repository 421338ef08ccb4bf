import type { LatencyStatistics, ResultRecord } from '@retinabench/results';
import { isOfCard, modelKey, sharedSettings } from '../gate/detector.js';
import { machineClass } from '../gate/machine-class.js';
import type { LatencyColumn } from './decision-table.js';

/** A record with the time of a whole detection, and the condition that it was taken under. */
export interface Timed {
  readonly key: string;
  readonly record: ResultRecord;
  readonly total: LatencyStatistics;
  /** Equal: the times may be compared. */
  readonly condition: string;
}

/** Times that a run of accuracy has of itself, on its own images. */
const ownCondition = 'own';

/**
 * The records that have a time of a whole detection and stand for nothing else, each with its condition: size of the image,
 * threads, every setting that is not the detector's own, the class of the machine.
 */
export function timedRecords(records: readonly { readonly key: string; readonly record: ResultRecord }[]): Timed[] {
  return records.flatMap(({ key, record }) => {
    const total = record.latencyMs?.total;
    if (record.kind !== 'latency' || total === undefined || total.median <= 0) return [];
    return [{ key, record, total, condition: conditionOf(record) }];
  });
}

/** The time that a record of accuracy has of itself. */
export function ownTime(key: string, record: ResultRecord): Timed | undefined {
  const { latencyMs, detectTiming: timing, environment } = record;
  // Without its circumstances a time taken while evaluating can be compared with nothing.
  const total = latencyMs?.total ?? (timing === undefined ? undefined : latencyMs?.detect);
  if (record.kind === 'latency' || total === undefined || total.median <= 0) return undefined;
  const workers = latencyMs?.total === undefined ? workersOf(record) : undefined;
  const among = workers === undefined ? '' : ` ${workers}, ${threadsOf(record)} threads`;
  return { key, record, total, condition: `${ownCondition}${among} ${machineClass(environment)}` };
}

function workersOf({ detectTiming }: ResultRecord): string | undefined {
  if (detectTiming === undefined) return undefined;
  return detectTiming.workers === 1 ? '1 worker' : `${detectTiming.workers} workers`;
}

/** Whether a time is of the model and backend of another record. */
export function isOfDetector(
  { record }: Timed,
  detector: { readonly model: string | undefined; readonly backend: string | undefined },
): boolean {
  return detector.model !== undefined && modelKey(record) === detector.model && record.backend?.id === detector.backend;
}

function conditionOf(record: ResultRecord): string {
  const { environment, protocol, backend } = record;
  const settings = sharedSettings(protocol, (name) => !isOfCard(name) && name !== 'threads' && !outcomes.has(name));
  return JSON.stringify([
    settings,
    threadsOf(record),
    machineClass(environment),
    environment.pinnedTo,
    backend === undefined,
  ]);
}

/** What older versions wrote among the settings although it is an outcome or a circumstance. */
const outcomes: ReadonlySet<string> = new Set(['faces', 'pinned']);

function threadsOf({ protocol, backend }: ResultRecord): number | undefined {
  return typeof protocol.threads === 'number' ? protocol.threads : backend?.threads;
}

/** Whether times of a condition are those that runs of accuracy took of themselves: each under the load of its own hour. */
export function isOwn(condition: string): boolean {
  return condition.startsWith(ownCondition);
}

/** One column a condition, named by what tells it from the others. */
export function latencyColumns(timed: readonly Timed[]): LatencyColumn[] {
  const first = new Map<string, ResultRecord>();
  for (const { condition, record } of timed) if (!first.has(condition)) first.set(condition, record);
  const members = [...first];
  const varied = variedSettings(members.map(([, { protocol }]) => protocol));
  const machines = new Set(members.map(([, { environment }]) => machineClass(environment))).size;
  return members.map(([id, record]) => {
    const { protocol, environment } = record;
    const { imageWidthPx: width, imageHeightPx: height } = protocol;
    const threads = threadsOf(record);
    const parts = [
      isOwn(id) ? ['while evaluating', workersOf(record)].filter((part) => part !== undefined).join(', ') : '',
      width === undefined ? '' : `${width} x ${height}`,
      threads === undefined ? '' : `${threads} thread${threads === 1 ? '' : 's'}`,
      ...varied.map((name) => (protocol[name] === undefined ? '' : `${name} ${String(protocol[name])}`)),
      environment.pinnedTo === undefined ? '' : `pinned to ${environment.pinnedTo}`,
      machines > 1 ? machineClass(environment) : '',
    ];
    return { id, heading: parts.filter((part) => part !== '').join(', ') };
  });
}

function variedSettings(protocols: readonly ResultRecord['protocol'][]): string[] {
  const named = new Set(['id', 'imageWidthPx', 'imageHeightPx', 'threads']);
  const names = new Set(protocols.flatMap((protocol) => Object.keys(protocol)));
  return [...names].filter(
    (name) =>
      !named.has(name) &&
      !isOfCard(name) &&
      !outcomes.has(name) &&
      new Set(protocols.map((protocol) => JSON.stringify(protocol[name]))).size > 1,
  );
}
