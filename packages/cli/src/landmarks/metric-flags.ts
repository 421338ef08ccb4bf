import { ProtocolError } from '@retinabench/core';
import type { BinRule, CountedPoints, LandmarkOptions, NormaliserName, Pairing } from '@retinabench/eval-landmarks';
import { normalisers, pairings, yawBins } from '@retinabench/eval-landmarks/settings';
import { type Command, Option } from 'commander';
import { numberBetween } from '../terminal/flags.js';

/** What the numbers depend on beside points. */
export interface MetricFlags {
  readonly normaliser?: NormaliserName;
  readonly points?: 'all' | 'five';
  readonly counted: CountedPoints;
  readonly threshold?: string;
  readonly pair?: Pairing;
  readonly iou: number;
  readonly bins: readonly string[];
  readonly interval: boolean;
  readonly force?: boolean;
}

/** Add the flags of the metric, with the same meaning in every verb of landmarks. */
export function addMetricFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--normaliser <length>',
        'what errors are divided by; it has no default, for it changes the number',
      ).choices(Object.keys(normalisers)),
    )
    .addOption(
      new Option('--points <which>', 'all, or the five made of them (default: five where one side has five)').choices([
        'all',
        'five',
      ]),
    )
    .addOption(
      new Option('--counted <which>', 'annotated points that count').choices(['all', 'visible']).default('all'),
    )
    .option(
      '--threshold <list>',
      'errors above which a face is a failure, and to which areas reach (default: 0.08,0.1; of pixels 5,10)',
    )
    .addOption(
      new Option(
        '--pair <how>',
        'row, image (one face each) or iou (default: row without names of images, iou with boxes on both sides or several faces an image, else image)',
      ).choices(pairings),
    )
    .option('--iou <n>', 'overlap from which on faces match', numberBetween(0.01, 1), 0.5)
    .option(
      '--bins <column>',
      'split by a column: pose, |yaw|:30,60, height:50,100 (default of yaw: |yaw|:30,60); may be given several times',
      (value: string, before: readonly string[]) => [...before, value],
      [] as readonly string[],
    )
    .option('--no-interval', 'no bootstrap intervals')
    .option('--force', 'score even where the diagnosis finds an error');
}

/** The lengths that errors may be divided by, for the end of a help text. */
export const normaliserHelp = [
  'Normalisers:',
  ...Object.entries(normalisers).map(([name, words]) => `  ${name.padEnd(16)} ${words}`),
].join('\n');

/**
 * The options of an evaluation that the flags ask for.
 *
 * @throws {ProtocolError} if the normaliser is missing, or a threshold or a bin is none.
 */
export function metricOptions(flags: MetricFlags): LandmarkOptions {
  if (flags.normaliser === undefined) {
    throw new ProtocolError(
      `landmarks: expected what errors are divided by, got none; the same points have 1.4 times the error over eye centres that they have over outer corners: give --normaliser ${Object.keys(normalisers).join(', ')}`,
    );
  }
  const thresholds = (flags.threshold ?? (flags.normaliser === 'pixels' ? '5,10' : '0.08,0.1'))
    .split(',')
    .map((text) => {
      const threshold = Number(text);
      if (text.trim() !== '' && threshold > 0 && Number.isFinite(threshold)) return threshold;
      throw new ProtocolError(`--threshold: expected numbers above 0 as in 0.08,0.1, got ${JSON.stringify(text)}`);
    });
  return {
    normaliser: flags.normaliser,
    counted: flags.counted,
    thresholds: [...new Set(thresholds)].sort((a, b) => a - b),
    bins: new Map(flags.bins.map(parseBins)),
    interval: flags.interval,
  };
}

/** `|yaw|:30,60` as the column `yaw` and its rule. */
function parseBins(text: string): [string, BinRule | undefined] {
  const [, bar, name, , edges] = /^(\|?)([^|:]+)\|?(:(.*))?$/.exec(text) ?? [];
  if (name === undefined) throw new ProtocolError(`--bins: expected a column, got ${JSON.stringify(text)}`);
  if (edges === undefined) return [name, name === 'yaw' ? yawBins : undefined];
  const bounds = edges.split(',').map(Number);
  if (
    edges.trim() === '' ||
    bounds.some((edge, at) => !(Number.isFinite(edge) && (at === 0 || edge > bounds[at - 1])))
  ) {
    throw new ProtocolError(`--bins ${text}: expected rising bounds as in |yaw|:30,60, got ${JSON.stringify(edges)}`);
  }
  return [name, { edges: bounds, absolute: bar === '|' }];
}
