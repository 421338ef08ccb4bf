import { ProtocolError } from '@retinabench/core';
import {
  type ComparedNumber,
  comparePublished,
  compareTwo,
  describeNumber,
  nearestPublished,
  type PublishedComparison,
  pairedApDifferences,
  type TwoCompared,
} from '@retinabench/report';
import { formatCount, type ResultRecord } from '@retinabench/results';
import { formatProtocol } from '../record/format-protocol.js';
import { publishedRows } from '../record/published-rows.js';
import { readRecord } from '../record/read.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printResult } from '../terminal/output.js';
import { renderTable } from '../terminal/table.js';

/** The flags of `retinabench compare`. */
interface CompareFlags extends OutputFlags {
  readonly asDetectors?: boolean;
  readonly all?: boolean;
  readonly resamples?: number;
}

/**
 * Compare two records and print the differences.
 *
 * @throws {DatasetError} if a file is no record.
 * @throws {ProtocolError} if the two are of different protocols or data sets.
 */
export async function runCompare(baselineFile: string, recordFile: string, flags: CompareFlags): Promise<void> {
  const output = outputOf(flags);
  const [baseline, record] = await Promise.all([readRecord(baselineFile), readRecord(recordFile)]);
  const compared = compareTwo(baseline, record, {
    pairedApDifference: pairedApDifferences(flags),
    asDetectors: flags.asDetectors === true,
  });
  if (compared.kind === 'incomparable') {
    const hint = compared.detectorsOnly
      ? '; --as-detectors compares the two detectors as wholes'
      : '; evaluate both alike, on the same images';
    throw new ProtocolError(`${recordFile} does not compare with ${baselineFile}: ${compared.why}${hint}`);
  }
  const [rows] = await publishedRows([record]);
  const published = comparePublished(record, rows);
  printJson(output, {
    baseline: { file: baselineFile, model: baseline.model?.id, contentSha256: baseline.contentSha256 },
    record: { file: recordFile, model: record.model?.id, contentSha256: record.contentSha256 },
    protocol: record.protocol,
    ...(compared.detectors === undefined ? {} : { detectors: compared.detectors }),
    numbers: compared.numbers,
    published: published.map(({ row, differing }) => ({ ...row, differing })),
  });
  printResult(
    output,
    inWords({ baselineFile, baseline, recordFile, record, compared, published, all: flags.all === true }),
  );
}

interface Shown {
  readonly baselineFile: string;
  readonly baseline: ResultRecord;
  readonly recordFile: string;
  readonly record: ResultRecord;
  readonly compared: Extract<TwoCompared, { kind: 'compared' }>;
  readonly published: readonly PublishedComparison[];
  readonly all: boolean;
}

function inWords({ baselineFile, baseline, recordFile, record, compared, published, all }: Shown): string {
  const { numbers, notes, detectors } = compared;
  const shown = all ? numbers : numbers.filter(({ mark }) => mark !== 'same');
  const same = numbers.length - shown.length;
  return [
    `baseline: ${nameOf(baseline)} (${baselineFile})`,
    `record:   ${nameOf(record)} (${recordFile})`,
    '',
    numbers.length === 0 ? 'the records share no number' : shown.length === 0 ? '' : table(shown),
    ...(same > 0 ? [`${same} of ${numbers.length} numbers are the same${all ? '' : '; --all shows them'}`] : []),
    ...(detectors === undefined ? [] : [`detectors compared as wholes: ${detectors}`]),
    ...notes.map(({ numbers: of, text }) => `${of}: ${text}`),
    ...nearestPublished(published).map(({ text }) => `the record ${text}`),
    '',
    formatProtocol(record.protocol),
    ...(record.dataset === undefined
      ? []
      : [`data set ${record.dataset.name}: ${formatCount(record.dataset.images)} images`]),
  ].join('\n');
}

function table(numbers: readonly ComparedNumber[]): string {
  const right = (heading: string) => ({ heading, numeric: true });
  return renderTable(
    [
      { heading: 'number' },
      right('baseline'),
      right('record'),
      right('difference'),
      right('95 % interval'),
      { heading: '' },
      { heading: 'would tell' },
    ],
    numbers.map((number) => {
      const { baseline, value, difference, interval } = describeNumber(number);
      const needed = number.needed === undefined ? '' : `${formatCount(number.needed.count)} ${number.needed.unit}`;
      return [number.key, baseline, value, difference, interval, number.mark, needed];
    }),
  );
}

function nameOf({ kind, model, backend }: ResultRecord): string {
  return [kind, model?.id ?? 'predictions', ...(backend === undefined ? [] : [`on ${backend.id}`])].join(' ');
}
