import { ProtocolError } from '@retinabench/core';
import type { BreakdownBy, DetectionSettings, Metric } from '@retinabench/eval-detection';
import { metrics } from '@retinabench/eval-detection/settings';
import { type Command, InvalidArgumentError } from 'commander';
import { numberBetween } from '../terminal/flags.js';
import { type FaceFlags, faceSettings } from './face-flags.js';

/** Metrics of an evaluation, AP by the WIDER FACE rules among them. */
const allMetrics = [...metrics, 'wider'] as const;

/** Which numbers an evaluation gives, and their settings. */
export interface MetricFlags extends FaceFlags {
  readonly metric: readonly (Metric | 'wider')[];
  readonly maxDets: readonly number[];
  readonly iou: number;
  readonly atScore: number;
  readonly by?: readonly BreakdownBy[];
}

/** Add the flags of `MetricFlags` but those of faces. */
export function addMetricFlags(command: Command): Command {
  return command
    .option('--metric <list>', `families of numbers: ${allMetrics.join(',')}`, metricList, [...metrics])
    .option('--max-dets <list>', "detections of an image in COCO's numbers; AP takes the last", limits, [1, 10, 100])
    .option('--iou <n>', 'IoU of VOC, F1, miss rate and breakdowns', numberBetween(0.01, 1), 0.5)
    .option('--at-score <score>', 'score at which errors are counted, beside the best F1', Number, 0.5)
    .option(
      '--by <attribute>',
      'break down by this attribute of the annotations, NAME or NAME=16,32 for edges of numbers; again for more (default: all with few values)',
      breakdownBy,
    );
}

/** The settings that the flags give. */
export function detectionSettings(flags: MetricFlags): DetectionSettings {
  if (!Number.isFinite(flags.atScore)) throw new ProtocolError('--at-score: expected a number');
  return {
    faces: faceSettings(flags),
    metrics: metrics.filter((metric) => flags.metric.includes(metric)),
    maxDets: flags.maxDets,
    iou: flags.iou,
    atScore: flags.atScore,
  };
}

function metricList(value: string): (Metric | 'wider')[] {
  return value.split(',').map((name) => {
    const metric = allMetrics.find((known) => known === name.trim());
    if (metric === undefined) throw new InvalidArgumentError(`expected ${allMetrics.join(', ')}, or a list of them.`);
    return metric;
  });
}

function limits(value: string): number[] {
  const numbers = value.split(',').map(Number);
  if (!numbers.every((most, at) => Number.isInteger(most) && most > (numbers[at - 1] ?? 0))) {
    throw new InvalidArgumentError('expected whole numbers above 0 that ascend: 1,10,100.');
  }
  return numbers;
}

function breakdownBy(value: string, before: readonly BreakdownBy[] = []): BreakdownBy[] {
  const at = value.indexOf('=');
  if (at < 0) return [...before, { name: value }];
  const edges = value
    .slice(at + 1)
    .split(',')
    .map(Number);
  if (!edges.every(Number.isFinite))
    throw new InvalidArgumentError('expected NAME or NAME=16,32 with numbers that ascend.');
  return [...before, { name: value.slice(0, at), edges }];
}
