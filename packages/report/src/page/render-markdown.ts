import { comparisonNotes } from '../compare/comparison-notes.js';
import { countTested } from '../compare/control-marks.js';
import { isShare } from '../format/is-share.js';
import { escapeMarkdown } from '../format/markdown.js';
import { formatChange, formatMs, formatPointDifference, formatPointInterval, formatPoints } from '../format/number.js';
import { familyOf } from '../gate/family-of.js';
import { machineClass } from '../gate/machine-class.js';
import type { ComparedNumber, PageData, PageRecord } from './page-data.js';

const marks = {
  better: '🟢 better',
  worse: '🔴 worse',
  uncertain: '🟡 uncertain',
  'not told apart': '⚪ not told apart',
  same: '⚪ same',
  'not comparable': '🚫 not comparable',
} as const;

/** The page's comparison as Markdown, for a pull-request comment: what it says in words, records, differences from the baseline, sources. */
export function renderMarkdown(data: PageData): string {
  return [
    `### ${escapeMarkdown(data.title)}`,
    '',
    ...verdict(data),
    ...recordTable(data),
    ...differenceTable(data),
    ...sources(data),
    '',
    `Made with \`${data.command.replaceAll('`', "'")}\`.`,
    '',
  ].join('\n');
}

/** What the tables of detectors say, in words. */
function verdict({ decisions }: PageData): string[] {
  const sentences = decisions.flatMap((table) => table.sentences);
  return sentences.length === 0 ? [] : [...sentences.map((sentence) => `- ${escapeMarkdown(sentence)}`), ''];
}

function recordTable({ records }: PageData): string[] {
  const rows = records.map((record) => [
    `${record.key} ${record.label}`,
    record.kind,
    ...(['easy', 'medium', 'hard'] as const).map((split) => withInterval(record.ap?.[split], record.interval?.[split])),
    ...(['ap', 'ap50', 'f1', 'missRate'] as const).map((name) =>
      withInterval(record.detection?.values[name], record.detection?.interval?.[name]),
    ),
    withInterval(nmeOf(record), record.landmarks?.interval?.nme),
    withInterval(record.tar?.['1e-4']?.tar, record.tar?.['1e-4']?.interval),
    record.latencyMs?.total === undefined ? '' : formatMs(record.latencyMs.total.median),
    record.protocol.id,
  ]);
  const headings = [
    'record',
    'kind',
    'AP easy',
    'AP medium',
    'AP hard',
    'AP',
    'AP50',
    'F1',
    'miss rate',
    'NME',
    'TAR at 1e-4',
    'total',
    'protocol',
  ];
  const used = headings.map((_, column) => rows.some((row) => row[column] !== ''));
  const keep = (cells: readonly string[]): string[] => cells.filter((_, column) => used[column]);
  return table(keep(headings), rows.map(keep));
}

/** Of landmark records, where it is a share of a length of the face. */
function nmeOf({ landmarks, protocol }: PageRecord): number | undefined {
  return protocol.normaliser === 'pixels' ? undefined : landmarks?.matchedOnly?.nme;
}

function withInterval(value: number | undefined, interval: readonly [number, number] | undefined): string {
  if (value === undefined) return '';
  if (interval === undefined) return formatPoints(value);
  const [low, high] = interval.map((bound) => (bound * 100).toFixed(2));
  return `${formatPoints(value)} [${low}, ${high}]`;
}

function differenceTable({ records }: PageData): string[] {
  const rows = records.flatMap((record) =>
    record.compared
      .filter(({ mark }) => mark !== 'same')
      .map((number) => [
        `${record.key} ${record.label}`,
        number.key,
        written(number.key, number.baseline),
        written(number.key, number.value),
        difference(number),
        marks[number.mark],
      ]),
  );
  const numbers = records.flatMap((record) => record.compared);
  const compared = numbers.length;
  if (compared === 0) return [];
  const same = compared - rows.length;
  const tested = countTested(numbers);
  const notes = records.flatMap((record) =>
    comparisonNotes(record.compared).map(
      ({ numbers: of, text }) => `- ${escapeMarkdown(`${record.key}, ${of}: ${text}.`)}`,
    ),
  );
  return [
    '',
    `**Against the baseline** (${[...new Set(records.map(({ baselineKey }) => baselineKey))].join(', ')}): ${same} of ${compared} numbers are the same${rows.length === 0 ? '.' : '; the others:'}`,
    '',
    ...(rows.length === 0 ? [] : table(['record', 'number', 'baseline', 'value', 'difference [95 %]', ''], rows)),
    ...(tested < 2
      ? []
      : ['', `One or more of the marks by ${tested} intervals are false with probability 5 % at most (Holm).`]),
    ...(notes.length === 0 ? [] : ['', ...notes]),
  ];
}

function difference({ key, difference, interval, baseline }: ComparedNumber): string {
  if (difference === undefined) return '';
  const points = isShare(key);
  if (!points && baseline === 0) return '';
  const format = (value: number): string => (points ? formatPointDifference(value) : formatChange(value / baseline));
  if (interval === undefined) return format(difference);
  if (points) return formatPointInterval(difference, interval);
  return `${format(difference)} [${interval.map(format).join(', ')}]`;
}

function written(key: string, value: number): string {
  return familyOf(key)?.family.format(value) ?? String(value);
}

function sources({ records }: PageData): string[] {
  const lines = records.map(
    (record) =>
      `- ${escapeMarkdown(`${record.key} ${record.label}: ${sourceOf(record)}${record.command === undefined ? '' : `; ${record.command}`}`)}`,
  );
  return ['', '<details><summary>Protocols, data sets, machines, commands</summary>', '', ...lines, '', '</details>'];
}

function sourceOf({ protocol, dataset, environment }: PageRecord): string {
  const images = dataset === undefined ? '' : `${dataset.name} (${dataset.images} images), `;
  return `protocol ${protocol.id}, ${images}${machineClass(environment)}`;
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  return [line(headings), `| ${headings.map(() => '---').join(' | ')} |`, ...rows.map(line)];
}
