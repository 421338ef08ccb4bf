import { type ScoreMapFile, usualTemperatures } from '@retinabench/eval-detection';
import { formatCount, formatShare, type Interval } from '@retinabench/results';
import { formatProtocol } from '../record/format-protocol.js';
import { type Column, renderTable } from '../terminal/table.js';

const columns: readonly Column[] = [
  { heading: 'held out' },
  { heading: 'before', numeric: true },
  { heading: '95 % interval', numeric: true },
  { heading: 'after', numeric: true },
  { heading: '95 % interval', numeric: true },
  { heading: 'difference', numeric: true },
  { heading: '95 % interval', numeric: true },
];

const numbers = [
  ['ece', 'ECE'],
  ['mce', 'MCE'],
  ['brier', 'Brier score'],
] as const;

/** A fitted map with what it does to the held-out images, as text for a terminal. */
export function formatScoreMap({ map, fitted, heldOut, ap50, model, protocol }: ScoreMapFile): string {
  const { before, after, difference } = heldOut;
  const rows = numbers.map(([name, heading]) => [
    heading,
    ...[before, after, difference].flatMap((of) => [of[name].toFixed(4), bounds(of.interval[name])]),
  ]);
  const what =
    map.kind === 'temperature'
      ? `temperature ${Number(map.temperature.toPrecision(4))}`
      : `isotonic, ${formatCount(map.from.length)} steps`;
  return [
    `score map: ${what}, fitted on ${formatCount(fitted.images)} images with ${formatCount(fitted.detections)} detections, ${formatShare(fitted.right / fitted.detections)} of them right`,
    renderTable(columns, rows),
    `held out: ${formatCount(heldOut.images)} images with ${formatCount(heldOut.detections)} detections; AP at IoU 0.5 ${ap50.before.toFixed(4)} before and ${ap50.after.toFixed(4)} after`,
    ...ties(heldOut.newTies, heldOut.detections, map.kind),
    ...atEnds(map),
    ...(model === undefined
      ? ['whose scores they are is not known: --model says it, and other verbs then refuse those of another model']
      : [`scores of ${model.id}`]),
    formatProtocol(protocol),
  ].join('\n');
}

function ties(count: number, detections: number, kind: ScoreMapFile['map']['kind']): string[] {
  if (count === 0) return [];
  const why = kind === 'isotonic' ? 'a step gives all its scores one value' : 'they lie too near to 0 or 1';
  return [
    `${formatCount(count)} of ${formatCount(detections)} detections share their score with others after the map (${why}): their order is lost`,
  ];
}

/** A temperature at the end of what is searched is no optimum. */
function atEnds(map: ScoreMapFile['map']): string[] {
  if (map.kind !== 'temperature') return [];
  const [low, high] = usualTemperatures;
  if (map.temperature > low * 1.001 && map.temperature < high * 0.999) return [];
  return [
    `warning: the temperature is at the end of the range that is searched, ${low} to ${high}: no temperature suits these scores; --kind isotonic needs none`,
  ];
}

function bounds(interval: Interval): string {
  return interval.map((bound) => bound.toFixed(4)).join(' .. ');
}
