import type { ResultRecord } from '@retinabench/results';
import { describe, expect, it } from 'vitest';
import { buildPageData } from '../../src/page/build-page-data.js';
import { syntheticRecord, widerRecord } from '../synthetic.js';

const settings = { scale: 'original', nmsIou: 0.4 };
const backend = { id: 'ort-node', version: '1', threads: 1 };
const modelOf = (name: string) => ({ id: `model-${name}`, sha256: name.repeat(64) });

/** A record of accuracy with the time that its run took of itself. */
const evaluated = (name: string, hard: number, ownMs: number): ResultRecord => ({
  ...widerRecord(hard, { model: modelOf(name), backend, settings: { rules: 'python', ...settings } }),
  latencyMs: { detect: { median: ownMs, p95: 2 * ownMs, mad: ownMs / 50, n: 4 } },
  detectTiming: { workers: 2, images: 4 },
});

const benched = (name: string, median: number): ResultRecord =>
  syntheticRecord({
    kind: 'latency',
    model: modelOf(name),
    backend,
    latencyMs: { total: { median, p95: 2 * median, mad: median / 50, n: 100 } },
    settings: { imageWidthPx: 640, imageHeightPx: 480, threads: 1, ...settings },
  });

function speedOf(records: readonly ResultRecord[]): (readonly [label: string, ms: number])[] {
  const { speed } = buildPageData({
    title: 'title',
    createdAt: '2026-01-01T00:00:00.000Z',
    command: 'command',
    records: records.map((record, index) => ({ file: `${index}.json`, record })),
    baselines: [0],
    pairedApDifference: () => undefined,
  });
  return speed.map(({ label, latencyMs }) => [label, latencyMs]);
}

describe('AP beside times', () => {
  const runs = [evaluated('a', 0.7, 20), evaluated('b', 0.6, 10)];

  it('is drawn by the times of bench alone, where there are any', () => {
    expect(speedOf([...runs, benched('a', 18), benched('b', 9)])).toEqual([
      ['model-a on ort-node', 18],
      ['model-b on ort-node', 9],
    ]);
  });

  it('is drawn by the times that runs took of themselves, where there are none of bench', () => {
    expect(speedOf(runs)).toEqual([
      ['model-a on ort-node', 20],
      ['model-b on ort-node', 10],
    ]);
  });
});
