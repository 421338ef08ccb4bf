import { formatCount } from '@retinabench/results';
import { isShare } from '../format/is-share.js';
import { formatMs, significant } from '../format/number.js';
import { familyOf } from '../gate/family-of.js';
import type { AccuracyCell, AccuracyColumn, DecisionRow, DecisionTable, LatencyCell } from './decision-table.js';
import { mainCondition } from './pareto-rows.js';

/** Most rows that are spoken of against the baseline. */
const fewRows = 3;

/** Times whose ratio is surely within this are called alike. */
const closeTimes = 1.1;

/**
 * What a table says, in words: the rows on the Pareto front against the baseline in time and in the deciding accuracy, the
 * most accurate and the fastest, and what cannot be told apart from them.
 */
export function inWords({ accuracy, latency, rows }: Pick<DecisionTable, 'accuracy' | 'latency' | 'rows'>): string[] {
  const deciding = accuracy.at(-1);
  const condition = mainCondition(
    rows.map(({ latency: cells }) => cells),
    latency,
  );
  const baseline = rows.find(({ isBaseline }) => isBaseline);
  const told =
    baseline === undefined || rows.length < 2
      ? []
      : againstBaseline(rows, baseline, deciding, condition === undefined ? undefined : condition.id);
  return [
    ...told,
    ...(deciding === undefined || rows.length < 2 ? [] : mostAccurate(rows, deciding)),
    ...(condition === undefined || rows.length < 2 ? [] : fastest(rows, condition.id, condition.heading)),
  ];
}

/** The front, without the baseline: the rows worth a change, best accuracy first; where there is none, that. */
function againstBaseline(
  rows: readonly DecisionRow[],
  baseline: DecisionRow,
  deciding: AccuracyColumn | undefined,
  condition: string | undefined,
): string[] {
  const front = rows.filter((row) => row.isPareto && !row.isBaseline);
  const others = rows.filter((row) => !row.isBaseline && row.key !== undefined);
  const chosen = front.length > 0 ? front : rows.some(({ isPareto }) => isPareto) ? [] : others;
  const sentences = chosen.slice(0, fewRows).flatMap((row) => {
    const time = condition === undefined ? undefined : timeInWords(row.latency[condition]);
    const accuracy = deciding === undefined ? undefined : accuracyInWords(row.accuracy[deciding.key], deciding);
    const parts = [time, accuracy].filter((part) => part !== undefined);
    return parts.length === 0 ? [] : [`${nameOf(row)} ${parts.join(' and ')}, against ${nameOf(baseline)}.`];
  });
  if (chosen.length > fewRows) sentences.push(`${chosen.length - fewRows} more rows are in the table.`);
  if (front.length === 0 && baseline.isPareto) {
    sentences.push(`No row beats the baseline, ${nameOf(baseline)}, in time or in ${deciding?.heading}.`);
  }
  return sentences;
}

function timeInWords(cell: LatencyCell | undefined): string | undefined {
  const ratio = cell?.ratio;
  if (ratio === undefined) return undefined;
  const { value, interval } = ratio;
  const [low, high] = interval;
  if (low <= 1 && high >= 1) {
    const isClose = high / low < closeTimes ** 2;
    return `${isClose ? 'takes about as long' : 'cannot be told apart in time'} (${times(value)} [${times(low)}, ${times(high)}])`;
  }
  return value < 1
    ? `is ${times(1 / value)} times faster [${times(1 / high)}, ${times(1 / low)}]`
    : `takes ${times(value)} times as long [${times(low)}, ${times(high)}]`;
}

function accuracyInWords(cell: AccuracyCell | undefined, column: AccuracyColumn): string | undefined {
  const difference = cell?.difference;
  if (difference === undefined) return undefined;
  const { value, interval, mark, needed } = difference;
  const { heading, key, better } = column;
  if (mark === 'not comparable') return `is not comparable in ${heading}`;
  if (mark === 'same') return `has the same ${heading}`;
  // Shares differ in points; other numbers, such as pixels, in their own unit.
  const write = isShare(key) ? plain : significant;
  const unit = isShare(key) ? ' points' : '';
  const signed = (change: number): string => `${change < 0 ? '−' : '+'}${write(Math.abs(change))}`;
  const bounds = interval === undefined ? '' : ` [${interval.map(signed).join(', ')}]`;
  if (mark === 'not told apart') {
    const more = needed === undefined ? '' : `; about ${formatCount(needed.count)} ${needed.unit} would tell`;
    return `cannot be told apart in ${heading} (${signed(value)}${unit}${bounds}${more})`;
  }
  const sure = mark === 'uncertain' ? ', uncertain among so many numbers' : '';
  const ends = interval === undefined ? ' (no interval)' : ` [${absolute(value, interval).map(write).join(', ')}]`;
  const amount = `${write(Math.abs(value))}${unit}`;
  if (better === 'lower') return `${value > 0 ? 'raises' : 'lowers'} ${heading} by ${amount}${ends}${sure}`;
  return `${value > 0 ? 'gains' : 'loses'} ${amount} of ${heading}${ends}${sure}`;
}

/** The ends of an interval in the direction of the change. */
function absolute(value: number, [low, high]: readonly [number, number]): [number, number] {
  return value > 0 ? [low, high] : [-high, -low];
}

function mostAccurate(rows: readonly DecisionRow[], { key, heading, better }: AccuracyColumn): string[] {
  const best = rows.find((row) => row.accuracy[key]?.standing === 'best');
  if (best === undefined) return [];
  const format = familyOf(key)?.family.format ?? String;
  const { value } = best.accuracy[key];
  const same = rows.filter((row) => row.accuracy[key]?.standing === 'same');
  const alike = rows.filter((row) => row.accuracy[key]?.standing === 'alike');
  const extreme = better === 'higher' ? 'highest' : 'lowest';
  const shared = same.length === 0 ? '' : `, the same as ${listed(same.map(nameOf))}`;
  return [
    `${nameOf(best)} has the ${extreme} ${heading}, ${format(value)}${shared}.`,
    ...alikeInWords(alike, (row) => row.accuracy[key]),
  ];
}

function fastest(rows: readonly DecisionRow[], condition: string, heading: string): string[] {
  const best = rows.find((row) => row.latency[condition]?.standing === 'best');
  if (best === undefined) return [];
  const alike = rows.filter((row) => row.latency[condition]?.standing === 'alike');
  return [
    `The fastest is ${nameOf(best)}, ${formatMs(best.latency[condition].medianMs)} (${heading}).`,
    ...alikeInWords(alike, (row) => row.latency[condition]),
  ];
}

/** One sentence for all that cannot be told from the best; the largest of the numbers that would tell. */
function alikeInWords(
  alike: readonly DecisionRow[],
  cellOf: (row: DecisionRow) => AccuracyCell | LatencyCell | undefined,
): string[] {
  if (alike.length === 0) return [];
  const needed = alike.flatMap((row) => cellOf(row)?.needed ?? []);
  const most = needed.reduce((a, b) => (b.count > a.count ? b : a), needed[0]);
  const would =
    most === undefined
      ? ''
      : needed.length === 1 || needed.every(({ count }) => count === most.count)
        ? `; about ${formatCount(most.count)} ${most.unit} would tell`
        : `; about ${formatCount(Math.min(...needed.map(({ count }) => count)))} to ${formatCount(most.count)} ${most.unit} would tell`;
  return [`${listed(alike.map(nameOf))} cannot be told apart from it${would}.`];
}

/** `a on ort-wasm at long:640`. */
export function nameOf({ model, backend, scale, detail }: DecisionRow): string {
  return [
    model,
    backend === undefined ? '' : ` on ${backend}`,
    scale === undefined ? '' : ` at ${scale}`,
    detail === undefined ? '' : ` (${detail})`,
  ].join('');
}

/** `a, b and c`. */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function times(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(1);
}

function plain(value: number): string {
  return (value * 100).toFixed(2);
}
