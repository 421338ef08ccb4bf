import path from 'node:path';
import {
  differingSettings,
  type LandmarkResult,
  type LandmarkSummary,
  landmarkDifference,
  type ResultRecord,
} from '@retinabench/results';
import { renderTable } from '../terminal/table.js';

/** Settings of a protocol that the numbers depend on beside the detector. */
const scoringSettings: ReadonlySet<string> = new Set([
  'task',
  'points',
  'pointsMadeOf',
  'counted',
  'normaliser',
  'thresholds',
  'pairing',
  'iou',
  'boxes',
  'minScore',
]);

const numeric = (heading: string) => ({ heading, numeric: true });

/** All numbers of a result as text for a terminal. Errors in percent of the length, or in pixels. */
export function formatLandmarks(result: LandmarkResult, normaliser: string): string {
  const inPixels = normaliser === 'pixels';
  const error = (value: number | undefined): string =>
    value === undefined ? '-' : inPixels ? value.toFixed(3) : (100 * value).toFixed(3);
  const { matchedOnly, missesAsFailures, interval = {} } = result;
  const thresholds = Object.keys(missesAsFailures.failureRate);
  const unit = inPixels ? 'px' : '%';
  const row = (name: string, summary: LandmarkSummary): string[] => [
    name,
    String(summary.faces),
    String(summary.missed),
    error(summary.nme),
    error(summary.median),
    error(summary.deviation),
    ...thresholds.flatMap((threshold) => [
      (100 * summary.failureRate[threshold]).toFixed(2),
      summary.auc[threshold].toFixed(4),
    ]),
  ];
  const columns = [
    { heading: 'faces' },
    ...['n', 'missed', `NME ${unit}`, `median ${unit}`, `deviation ${unit}`].map(numeric),
    ...thresholds.flatMap((threshold) => [numeric(`FR > ${threshold} %`), numeric(`AUC ${threshold}`)]),
  ];
  const parts = [
    renderTable(columns, [
      ...(matchedOnly === undefined ? [] : [row('matched only', matchedOnly)]),
      row('misses as failures', missesAsFailures),
    ]),
    ...Object.entries(result.bins ?? {}).map(([column, bins]) =>
      [
        renderTable(
          [{ heading: column }, ...columns.slice(1)],
          Object.entries(bins).map(([bin, summary]) => row(bin, summary)),
        ),
        `mean of the bins of ${column}: NME ${error(result.meanOfBins?.[column])} ${unit}`,
      ].join('\n'),
    ),
    ...(result.perGroup === undefined
      ? []
      : [
          `by part: ${Object.entries(result.perGroup)
            .map(([name, value]) => `${name} ${error(value)}`)
            .join(', ')} ${unit}`,
        ]),
    ...(Object.keys(interval).length === 0 ? [] : [formatIntervals(result, error, unit)]),
    ...(missesAsFailures.missed === 0 ? [] : [`NME with a miss as 1: ${error(result.nmeWithMissesAsOne)} ${unit}`]),
    ...leftOut(result),
  ];
  return parts.join('\n\n');
}

function formatIntervals({ interval = {} }: LandmarkResult, error: (value: number) => string, unit: string): string {
  const bounds = Object.entries(interval).map(([name, [low, high]]) => {
    const [kind, ...threshold] = name.split('.');
    if (kind === 'nme') return `NME ${error(low)} .. ${error(high)} ${unit}`;
    if (kind === 'missed') return `missed ${(100 * low).toFixed(2)} .. ${(100 * high).toFixed(2)} %`;
    const at = threshold.join('.');
    return kind === 'auc'
      ? `AUC ${at} ${low.toFixed(4)} .. ${high.toFixed(4)}`
      : `FR > ${at} ${(100 * low).toFixed(2)} .. ${(100 * high).toFixed(2)} %`;
  });
  return `95 % intervals, bootstrap over images: ${bounds.join('; ')}`;
}

function leftOut({ withoutPoints, withoutLength, unmatched }: LandmarkResult): string[] {
  const counts: [number, string][] = [
    [withoutPoints, 'annotated faces without a point that counts'],
    [withoutLength, 'annotated faces without the length of the normaliser'],
    [unmatched, 'predicted faces on no annotated one'],
  ];
  const said = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return said.length === 0 ? [] : [`not evaluated: ${said.join(', ')}`];
}

/** How a record differs from a baseline, with paired intervals, as text for a terminal; or that they are not comparable. */
export function formatAgainst(baseline: ResultRecord, record: ResultRecord, file: string): string {
  const name = path.basename(file);
  const settings = differingSettings(baseline, record);
  // Models, backends and what a detector is asked are compared; how landmarks are scored is not.
  const scoring = settings.filter((setting) => scoringSettings.has(setting));
  if (scoring.length > 0) return `against ${name}: not comparable: another ${scoring.join(', ')}`;

  const thresholds = Object.keys(record.landmarks?.missesAsFailures.failureRate ?? {});
  const keys = [
    'nme',
    'nmeOfBoth',
    ...thresholds.flatMap((threshold) => [`failureRate.${threshold}`, `auc.${threshold}`]),
  ];
  const inPixels = record.protocol.normaliser === 'pixels';
  const rows = keys.map((key) => {
    const found = landmarkDifference(baseline, record, key);
    if (found.kind === 'not paired') return [key, '-', found.why, ''];
    const scale = key.startsWith('auc') || (key.startsWith('nme') && inPixels) ? 1 : 100;
    const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value * scale).toFixed(4)}`;
    const pValue = found.pValue?.(0);
    return [
      key,
      signed(found.difference),
      found.interval.map(signed).join(' .. '),
      pValue === undefined ? '-' : pValue < 1e-4 ? '< 0.0001' : pValue.toFixed(4),
    ];
  });
  return [
    `against ${name}, the same images drawn for both${inPixels ? '' : ' (nme and failure rates in points of a percent)'}:`,
    renderTable([{ heading: 'number' }, ...['difference', '95 % paired interval', 'p'].map(numeric)], rows),
  ].join('\n');
}
