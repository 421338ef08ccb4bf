import type { ErrorAnalysis } from '@retinabench/eval-detection';
import {
  type CalibrationAnalysis,
  formatCount,
  type Interval,
  type OperatingPointResult,
  type OperatingTable,
  type TideAnalysis,
  type TideGroup,
} from '@retinabench/results';
import { type Column, renderTable } from '../terminal/table.js';

/** What of an analysis is printed. */
export interface PrintedParts {
  /** The user asked for rates; otherwise operating points are printed with calibration alone. */
  readonly operating: boolean;
}

/** An analysis of errors as text for a terminal: what was asked for. */
export function formatAnalysis({ tide, calibration, operating }: ErrorAnalysis, printed: PrintedParts): string[] {
  return [
    ...(tide === undefined ? [] : ['', ...formatTide(tide)]),
    ...(calibration === undefined ? [] : ['', ...formatCalibration(calibration)]),
    ...(operating === undefined || !(printed.operating || calibration !== undefined)
      ? []
      : ['', ...formatOperating(operating)]),
  ];
}

const numeric = (heading: string): Column => ({ heading, numeric: true });

/** Types of error in the order of the table, with what they are and how many there are. */
const types = [
  ['localisation', 'on a face, IoU below the threshold', (tide: TideAnalysis) => tide.counts.localisation],
  ['missed', 'faces that nothing is near', (tide: TideAnalysis) => tide.counts.missed],
  ['background', 'on no face', (tide: TideAnalysis) => tide.counts.background],
  ['duplicate', 'on a face that is found already', (tide: TideAnalysis) => tide.counts.duplicate],
  ['both', 'none of these', (tide: TideAnalysis) => tide.counts.both],
  ['falsePositive', 'all false positives together', (tide: TideAnalysis) => tide.counts.falsePositives],
  ['falseNegative', 'all faces that are not found', (tide: TideAnalysis) => tide.counts.falseNegatives],
] as const;

function formatTide(tide: TideAnalysis): string[] {
  const rows = types
    .filter(([type, , count]) => type !== 'both' || count(tide) > 0)
    .map(([type, what, count]) => [
      type,
      points(tide.lost[type]),
      interval(tide.interval?.lost[type], points),
      formatCount(count(tide)),
      what,
    ]);
  return [
    `errors: AP points that each type costs (TIDE${tide.rule === 'clean' ? '' : `, rule of ${tide.rule}`}; IoU ${tide.foreground} and ${tide.background}${tide.maxDetections === undefined ? '' : `, ${tide.maxDetections} detections an image`}; ${nameOfAp(tide)} ${points(tide.ap)} of ${formatCount(tide.faces)} faces${tide.counted === undefined ? '' : ` of ${tide.counted}`})`,
    renderTable(
      [{ heading: 'type' }, numeric('AP lost'), numeric('95 % interval'), numeric('count'), { heading: 'what' }],
      rows,
    ),
    ...Object.entries(tide.groups ?? {}).flatMap(([by, groups]) => ['', ...formatGroups(by, groups)]),
  ];
}

/** The number of the record that the AP of an analysis is; with another IoU or a limit of its own it is none of them. */
function nameOfAp({ foreground, maxDetections, counted }: TideAnalysis): string {
  if (foreground !== 0.5 || maxDetections !== undefined) return `AP at IoU ${foreground}`;
  return `AP (${counted === undefined ? 'uncapped.ap50' : `coco.ap50.${counted}`})`;
}

/** More groups than this are shown by their worst ones. */
const mostGroups = 10;
const worstGroups = 5;

function formatGroups(by: string, groups: Readonly<Record<string, TideGroup>>): string[] {
  const lost = ({ lost: own }: TideGroup): number =>
    (own.localisation ?? 0) + (own.missed ?? 0) + (own.background ?? 0);
  const all = Object.entries(groups);
  const isCut = all.length > mostGroups;
  const shown = isCut ? [...all].sort((a, b) => lost(b[1]) - lost(a[1])).slice(0, worstGroups) : all;
  const cell = (value: number | undefined): string => (value === undefined ? '-' : points(value));
  const heading = isCut ? `${by} (the ${worstGroups} of ${all.length} that cost most)` : by;
  return [
    renderTable(
      [
        { heading },
        numeric('faces'),
        numeric('localisation'),
        numeric('missed'),
        numeric('background'),
        numeric('duplicate'),
      ],
      shown.map(([name, group]) => [
        name,
        formatCount(group.faces),
        cell(group.lost.localisation),
        cell(group.lost.missed),
        cell(group.lost.background),
        cell(group.lost.duplicate),
      ]),
    ),
  ];
}

function formatCalibration(calibration: CalibrationAnalysis): string[] {
  const { bins, ece, mce, brier, heldOut } = calibration;
  const errors = (of: { readonly ece: number; readonly brier: number }): string =>
    `ECE ${of.ece.toFixed(4)}, Brier score ${of.brier.toFixed(4)}`;
  return [
    `calibration: ECE ${ece.toFixed(4)} ${bracketed(calibration.interval?.ece)}, MCE ${mce.toFixed(4)} ${bracketed(calibration.interval?.mce)}, Brier score ${brier.toFixed(4)} ${bracketed(calibration.interval?.brier)}; ${formatCount(calibration.detections)} detections, matched by ${calibration.matching}`,
    renderTable(
      [{ heading: 'scores' }, numeric('detections'), numeric('mean score'), numeric('precision'), numeric('gap')],
      bins.map(({ low, high, count, meanScore, precision }) => [
        `${significant(low)} to ${significant(high)}`,
        formatCount(count),
        meanScore?.toFixed(3) ?? '-',
        precision?.toFixed(3) ?? '-',
        meanScore === undefined || precision === undefined ? '-' : (meanScore - precision).toFixed(3),
      ]),
    ),
    ...(heldOut === undefined
      ? []
      : [
          `fitted scores, each of ${heldOut.folds} parts of the images by the others: temperature ${heldOut.temperature.fitted.toFixed(3)} gives ${errors(heldOut.temperature)}; isotonic ${errors(heldOut.isotonic)}; before ${errors(heldOut.before)}`,
        ]),
  ];
}

function formatOperating({ points: found, unreached = [], matching }: OperatingTable): string[] {
  return [
    `operating points (matched by ${matching})`,
    renderTable(
      [
        { heading: 'wanted' },
        numeric('score'),
        numeric('precision'),
        numeric('recall'),
        numeric('F1'),
        numeric('false positives an image'),
      ],
      found.map(operatingRow),
    ),
    ...unreached.map(
      ({ wanted, nearestScore, reached }) =>
        `${wanted}: no score gives it; the nearest, ${significant(nearestScore)}, gives ${significant(reached)}`,
    ),
  ];
}

function operatingRow(point: OperatingPointResult): string[] {
  const rate = (value: number | undefined, bounds: Interval | undefined): string =>
    value === undefined ? '-' : `${value.toFixed(3)} ${bracketed(bounds, 3)}`.trim();
  const { precision, recall, f1, fppi } = point.interval ?? {};
  return [
    point.wanted,
    significant(point.score),
    rate(point.precision, precision),
    rate(point.recall, recall),
    rate(point.f1, f1),
    rate(point.fppi, fppi),
  ];
}

/** A share of AP in points, 0.1234 is `12.34`. */
function points(share: number): string {
  return (100 * share).toFixed(2);
}

function interval(bounds: Interval | undefined, show: (value: number) => string): string {
  return bounds === undefined ? '-' : bounds.map(show).join(' .. ');
}

function bracketed(bounds: Interval | undefined, digits = 4): string {
  return bounds === undefined ? '' : `[${bounds.map((bound) => bound.toFixed(digits)).join(', ')}]`;
}

function significant(value: number): string {
  return String(Number(value.toPrecision(4)));
}
