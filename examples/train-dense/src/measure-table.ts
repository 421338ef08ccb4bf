import type { FaceMeasure } from './face-measures.js';
import type { MeasuredRow, Way } from './measured-row.js';

/** Heights of faces, pixels, that are reported apart. */
const heights = [32, 64, 128, 256, Number.POSITIVE_INFINITY];

/** The tables of docs/dense-branch.md: quality by height, and what fits reach. */
export function measureTable(rows: readonly MeasuredRow[]): string {
  const lines = [
    '| faces | height, px | n | L_pixel: similarity | camera | head | head / similarity | per covered pixel | five-point NME | yaw, pitch off |',
    '|---|---|---|---|---|---|---|---|---|---|',
  ];
  for (const part of ['lfw', 'quarter'] as const) {
    const own = rows.filter((row) => row.part === part && row.lost === undefined);
    for (let bin = 0; bin < heights.length - 1; bin++) {
      const inside = own.filter(({ heightPx }) => heightPx >= heights[bin] && heightPx < heights[bin + 1]);
      if (inside.length > 0) lines.push(qualityLine(part, heightName(bin), inside));
    }
    const large = own.filter(({ heightPx }) => heightPx >= 64);
    if (large.length > 0) lines.push(qualityLine(part, '64 or more', large));
    if (own.length > 0) lines.push(qualityLine(part, 'all', own));
  }
  lines.push(
    '',
    `no mesh could be drawn: ${rows.filter(({ lost }) => lost !== undefined).length} of ${rows.length}`,
    '',
  );
  lines.push('| faces | n | way | total at 128 px | L_pixel | NME |', '|---|---|---|---|---|---|');
  for (const part of ['lfw', 'quarter'] as const) {
    const fitted = rows.filter((row) => row.part === part && row.totals.head40 !== undefined);
    if (fitted.length === 0) continue;
    for (const way of ['cold40', 'cold200', 'head40'] as const) {
      const total = mean(fitted.map(({ totals }) => totals[way] ?? Number.NaN));
      const [pixel, nme] = (['pixel', 'nme'] as const).map((name) => meanOf(fitted, way, name));
      lines.push(
        `| ${part} | ${fitted.length} | ${way} | ${total.toFixed(4)} | ${pixel.toFixed(4)} | ${percent(nme)} |`,
      );
    }
    const better = fitted.filter(({ totals }) => (totals.head40 ?? 0) <= (totals.cold200 ?? 0)).length;
    lines.push(`| ${part} | ${fitted.length} | head40 at most cold200 on ${better} | | | |`);
  }
  return lines.join('\n');
}

function qualityLine(part: string, height: string, rows: readonly MeasuredRow[]): string {
  const pixel = (way: Way): number => meanOf(rows, way, 'pixel');
  const [similarity, camera, head] = [pixel('similarity'), pixel('camera'), pixel('head')];
  const covered = meanOf(rows, 'head', 'perCovered') / meanOf(rows, 'similarity', 'perCovered');
  const off = (axis: 'yaw' | 'pitch'): string =>
    mean(rows.map(({ pose }) => Math.abs(pose.head[axis] - pose.landmarks[axis]))).toFixed(1);
  const cells = [
    ...[part, height, `${rows.length}`, similarity.toFixed(3), camera.toFixed(3), head.toFixed(3)],
    ...[(head / similarity).toFixed(2), covered.toFixed(2), percent(meanOf(rows, 'head', 'nme'))],
    `${off('yaw')}, ${off('pitch')}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function meanOf(rows: readonly MeasuredRow[], way: Way, name: keyof FaceMeasure): number {
  return mean(rows.flatMap(({ measures }) => measures[way]?.[name] ?? []));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function heightName(bin: number): string {
  return bin === heights.length - 2 ? `${heights[bin]} or more` : `${heights[bin]} to ${heights[bin + 1]}`;
}
