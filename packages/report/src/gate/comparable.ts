import { shortenText } from '@retinabench/core';
import { differingSettings, type ResultRecord } from '@retinabench/results';
import type { Allowance } from './allowance.js';
import { platformOf } from './machine-class.js';

/** One setting in which two records differ, both values as text; `absent` where a record does not state it. */
export interface SettingDifference {
  readonly setting: string;
  readonly baseline: string;
  readonly record: string;
}

/** Why two numbers may not be compared. */
export interface Incomparable {
  readonly reason: Allowance;
  /** Every setting that differs; at least one. */
  readonly differences: readonly SettingDifference[];
}

/** What older versions wrote among the settings of a latency protocol although it is an outcome or a circumstance. */
const outcomes: ReadonlySet<string> = new Set(['faces', 'pinned']);

/** What replaces the value of a setting that a record does not state. */
const absent = 'absent';

/** Most characters of a value that a message shows. */
const longestValue = 80;

/**
 * Whether two records may be compared in what `needs` names: the same settings of the protocol, the same images and
 * annotations, the same class of machine (processor, cores, platform; kernel and Node versions may differ). What a run
 * found is an outcome and no setting: two variants of a model may find another number of faces and be compared in speed.
 *
 * @returns the differences; empty if the numbers are comparable.
 */
export function findIncomparable(
  baseline: ResultRecord,
  record: ResultRecord,
  needs: readonly Allowance[],
): Incomparable[] {
  return needs.flatMap((reason) => {
    const differences = differencesIn(reason, baseline, record);
    return differences.length === 0 ? [] : [{ reason, differences }];
  });
}

/** The differences as text, `keepTopK 0 -> 3, flip false -> true`: at most eight of them. */
export function describeDifferences(differences: readonly SettingDifference[]): string {
  const shown = differences.slice(0, 8).map(({ setting, baseline, record }) => `${setting} ${baseline} -> ${record}`);
  if (differences.length > shown.length) shown.push(`and ${differences.length - shown.length} more`);
  return shown.join(', ');
}

function differencesOf(
  baseline: ReadonlyMap<string, string>,
  record: ReadonlyMap<string, string>,
): SettingDifference[] {
  const names = new Set([...baseline.keys(), ...record.keys()]);
  return [...names].flatMap((setting) => {
    const was = baseline.get(setting) ?? absent;
    const is = record.get(setting) ?? absent;
    return was === is ? [] : [{ setting, baseline: was, record: is }];
  });
}

function differencesIn(reason: Allowance, baseline: ResultRecord, record: ResultRecord): SettingDifference[] {
  switch (reason) {
    case 'protocol':
      return protocolDifferences(baseline, record);
    case 'dataset':
      return isSameContent(baseline.dataset, record.dataset)
        ? []
        : withoutRepeatedDigest(differencesOf(datasetOf(baseline), datasetOf(record)));
    case 'machine':
      return differencesOf(machineOf(baseline.environment), machineOf(record.environment));
  }
}

/**
 * Versions that named no build recorded less of what the times were taken under. What such a record of times does not
 * state is not held against it; an AP is never believed to be under a setting that its record does not state.
 */
function protocolDifferences(baseline: ResultRecord, record: ResultRecord): SettingDifference[] {
  const differing = new Set(['kind', ...differingSettings(baseline, record)]);
  const differences = differencesOf(protocolOf(baseline), protocolOf(record)).filter(({ setting }) =>
    differing.has(setting),
  );
  if (baseline.kind !== 'latency' || record.kind !== 'latency') return differences;
  const statesLess = ({ environment }: ResultRecord): boolean => environment.build === undefined;
  return differences.filter(
    (difference) =>
      !(difference.baseline === absent && statesLess(baseline)) &&
      !(difference.record === absent && statesLess(record)),
  );
}

function protocolOf({ kind, protocol }: ResultRecord): Map<string, string> {
  const settings = Object.entries(protocol).filter(
    ([name]) => name !== 'id' && !(kind === 'latency' && outcomes.has(name)),
  );
  return new Map([
    ['kind', kind],
    ...settings.map(([name, value]): [string, string] => [name, shortenText(textOf(value), longestValue)]),
  ]);
}

function textOf(value: ResultRecord['protocol'][string]): string {
  if (typeof value === 'string') return value === '' ? '""' : value;
  return JSON.stringify(value);
}

/** A data set is its content: the same under another name is the same data set. */
function isSameContent(a: ResultRecord['dataset'], b: ResultRecord['dataset']): boolean {
  return a?.sha256 === b?.sha256 && a?.images === b?.images && a?.split === b?.split;
}

function datasetOf({ dataset }: ResultRecord): Map<string, string> {
  if (dataset === undefined) return new Map([['data set', 'none']]);
  const { notes: _, ...stated } = dataset;
  return new Map(
    Object.entries(stated).map(([name, value]) => [
      name === 'name' ? 'data set' : name,
      /sha256$/i.test(name) ? String(value).slice(0, 12) : shortenText(String(value), longestValue),
    ]),
  );
}

/** Of a data set without images of its own both digests are the same pair: it is said once. */
function withoutRepeatedDigest(differences: readonly SettingDifference[]): SettingDifference[] {
  const content = differences.find(({ setting }) => setting === 'sha256');
  return differences.filter(
    ({ setting, baseline, record }) =>
      !(setting === 'groundTruthSha256' && baseline === content?.baseline && record === content.record),
  );
}

function machineOf({ cpu, cores, os }: ResultRecord['environment']): Map<string, string> {
  return new Map([
    ['processor', cpu],
    ['cores', String(cores)],
    ['platform', platformOf(os)],
  ]);
}
