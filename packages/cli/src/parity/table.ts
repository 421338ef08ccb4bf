import type { ParityResult, ResultRecord } from '@retinabench/results';
import { renderTable } from '../terminal/table.js';

/** The comparison as a table: one row a backend, the reference first, then remarks. */
export function parityTable(
  reference: string,
  results: readonly ParityResult[],
  latencyMs: NonNullable<ResultRecord['latencyMs']>,
): string {
  const numeric = (heading: string) => ({ heading, numeric: true });
  const landmarks = results.some(({ landmarkMaxPx }) => landmarkMaxPx !== undefined);
  const columns = [
    { heading: 'backend' },
    { heading: 'version' },
    numeric('images'),
    numeric('outputs'),
    numeric('relative'),
    numeric('score'),
    numeric('box px'),
    ...(landmarks ? [numeric('landmark px'), numeric('NME %')] : []),
    numeric('unmatched'),
    numeric('of'),
    numeric('AP easy'),
    numeric('medium'),
    numeric('hard'),
    numeric('infer ms'),
    { heading: 'verdict' },
  ];
  const median = (id: string): string => latencyMs[id]?.median.toFixed(1) ?? '-';
  const rows = results.map((result) => [
    result.backend,
    result.version ?? '',
    String(result.images),
    short(largest(result.outputMaxAbsolute)),
    short(largest(result.outputMaxRelative ?? {})),
    short(result.scoreMaxAbsolute),
    short(result.boxMaxPx),
    ...(landmarks ? [optional(result.landmarkMaxPx, 1), optional(result.landmarkNme, 100)] : []),
    String(result.unmatched),
    String(result.detections),
    ...(['easy', 'medium', 'hard'] as const).map((split) => signed(result.apDifference?.[split])),
    median(result.backend),
    result.failure !== undefined ? 'FAILED' : result.withinTolerance ? 'within tolerance' : 'PAST TOLERANCE',
  ]);
  const head = [reference, ...columns.slice(1, -2).map(() => ''), median(reference), 'reference'];
  const lines = [
    renderTable(columns, [head, ...rows]),
    `largest differences from the reference${landmarks ? ' (NME: mean distance of the landmarks of a face over sqrt(w h) of its box)' : ''}; medians of one pass over the images in turn`,
  ];
  for (const result of results) {
    const { backend, failure, firstDeparture } = result;
    if (!result.withinTolerance) lines.push(...largeOutputs(result), ...tiedScores(result));
    if (failure !== undefined) lines.push(`${backend} failed: ${failure}`);
    if (firstDeparture !== undefined) lines.push(`${backend}, first node that departs: ${firstDeparture}`);
  }
  return lines.join('\n');
}

/** The outputs that lie further from the reference than their absolute bound, each in the unit of its role. */
function largeOutputs({ backend, outputMaxAbsolute, outputTolerance = {}, outputRole = {} }: ParityResult): string[] {
  const large = Object.entries(outputMaxAbsolute).filter(([name, most]) => most > (outputTolerance[name] ?? Infinity));
  if (large.length === 0) return [];
  const shown = large.map(
    ([name, most]) => `${name} ${short(most)} (${outputRole[name]}, bound ${short(outputTolerance[name])})`,
  );
  return [`${backend}, outputs beyond their absolute bound: ${shown.join(', ')}`];
}

/** Where the outputs agree and detections do not, ties of their scores are the likely reason. */
function tiedScores(result: ParityResult): string[] {
  const { backend, tied = 0, detections, unmatched, failure } = result;
  if (failure !== undefined || largeOutputs(result).length > 0 || tied < unmatched || tied === 0) return [];
  return [
    `${backend}: every output is within its absolute bound; ${tied} of ${detections} detections of the reference share their score with ` +
      'another but for a rounding, so that a last bit decides which of them suppresses which: raise --score-floor above them',
  ];
}

function largest(values: Readonly<Record<string, number>>): number {
  return Math.max(0, ...Object.values(values));
}

function optional(value: number | undefined, scale: number): string {
  return value === undefined ? '-' : short(value * scale);
}

function short(value: number): string {
  return value === 0 ? '0' : value.toExponential(1);
}

function signed(value: number | undefined): string {
  if (value === undefined) return '-';
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(6)}`;
}
