import { farTargets, type TarDifference, type ThresholdRule, type Verification } from '@retinabench/eval-ijbc';
import type { Interval } from '@retinabench/results';
import { type Column, renderTable } from '../terminal/table.js';

const columns: readonly Column[] = [
  { heading: 'FAR' },
  { heading: 'TAR', numeric: true },
  { heading: '95 % interval', numeric: true },
  { heading: 'achieved FAR', numeric: true },
  { heading: 'its 95 % interval', numeric: true },
  { heading: 'impostor pairs', numeric: true },
  { heading: 'threshold', numeric: true },
];

/** TAR at every FAR by one rule, with what decides it, as text for a terminal. */
export function formatVerification(result: Verification, rule: ThresholdRule): string {
  const rows = farTargets.map((target) => {
    const { tar, interval, achievedFar, farInterval, impostors, threshold, unresolved } = result.tar[rule][target];
    return [
      target,
      tar.toFixed(4),
      interval === undefined ? '-' : formatInterval(interval, 4),
      achievedFar.toExponential(3),
      farInterval === undefined ? '-' : farInterval.map((bound) => bound.toExponential(1)).join(' .. '),
      `${impostors.toLocaleString('en')}${unresolved === true ? ' (too few)' : ''}`,
      threshold.toFixed(4),
    ];
  });
  const pairs = `${result.genuine.toLocaleString('en')} genuine and ${result.impostors.toLocaleString('en')} impostor pairs`;
  return [
    renderTable(columns, rows),
    '',
    `rule ${rule}; ${pairs}; EER ${(result.eer * 100).toFixed(3)} %, AUC ${result.auc.toFixed(6)}`,
  ].join('\n');
}

/** Paired differences of TAR as text for a terminal. */
export function formatDifference(
  difference: Readonly<Record<string, TarDifference>>,
  names: { readonly candidate: string; readonly baseline: string },
): string {
  const rows = Object.entries(difference).map(([target, { difference: value, interval }]) => [
    target,
    signed(value),
    interval.map(signed).join(' .. '),
  ]);
  return [
    `TAR of ${names.candidate} less TAR of ${names.baseline}, the same subjects resampled for both:`,
    renderTable(
      [
        { heading: 'FAR' },
        { heading: 'difference', numeric: true },
        { heading: '95 % paired interval', numeric: true },
      ],
      rows,
    ),
  ].join('\n');
}

function formatInterval(interval: Interval, digits: number): string {
  return interval.map((bound) => bound.toFixed(digits)).join(' .. ');
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(4)}`;
}
