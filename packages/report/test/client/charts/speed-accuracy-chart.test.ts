import type { ChartDataset } from 'chart.js';
import { describe, expect, test } from 'vitest';
import { type ShownSplit, speedAccuracyChart } from '../../../client/charts/speed-accuracy-chart.js';
import type { SpeedPoint } from '../../../src/page/page-data.js';

const points: SpeedPoint[] = [
  {
    key: 'R1',
    latencyKey: 'R1',
    label: 'small',
    latencyMs: 10,
    latencyInterval: [8, 16],
    ap: { easy: 0.9, hard: 0.5 },
    interval: { hard: [0.45, 0.55] },
    parameters: 400_000,
  },
  {
    key: 'R2',
    latencyKey: 'R4',
    label: 'large',
    latencyMs: 40,
    latencyInterval: [32, 50],
    ap: { easy: 0.95, hard: 0.8 },
    interval: { hard: [0.75, 0.85] },
    parameters: 1_600_000,
  },
  {
    key: 'R3',
    latencyKey: 'R3',
    label: 'slow',
    latencyMs: 80,
    latencyInterval: [80, 80],
    ap: { hard: 0.7 },
    interval: undefined,
  },
];

const draw = (split: ShownSplit, shown: readonly SpeedPoint[] = points) =>
  speedAccuracyChart({
    points: shown,
    split,
    styles: shown.map(
      (_, index) => ({ colour: `#00000${index + 1}`, shape: index === 0 ? 'circle' : 'rect' }) as const,
    ),
    colourOf: (property) => `the ${property}`,
  });

const datasets = (split: ShownSplit, shown?: readonly SpeedPoint[]) =>
  (draw(split, shown)?.config.data.datasets ?? []) as ChartDataset<'bubble' | 'line'>[];

describe('the chart of speed and accuracy', () => {
  test('is a bubble a point at (time, AP), its area in proportion to the parameters, in its own colour', () => {
    // The most parameters, 1.6 million, have 22 px; a quarter of them 22 x sqrt(1/4) = 11; unknown ones 7.
    expect(datasets('hard').slice(0, 3)).toMatchObject([
      {
        label: 'small',
        data: [{ x: 10, y: 0.5, r: 11 }],
        borderColor: '#000001',
        backgroundColor: '#0000018c',
        pointStyle: 'circle',
      },
      { label: 'large', data: [{ x: 40, y: 0.8, r: 22 }], borderColor: '#000002', pointStyle: 'rect' },
      { label: 'slow', data: [{ x: 80, y: 0.7, r: 7 }], borderColor: '#000003' },
    ]);
  });

  test('ends with the Pareto front, from which a slower and worse point is absent', () => {
    expect(datasets('hard').at(-1)).toMatchObject({
      type: 'line',
      data: [
        { x: 10, y: 0.5 },
        { x: 40, y: 0.8 },
      ],
      borderColor: 'the text-soft',
    });
  });

  test('leaves out a point without an AP of the split, and keeps the colours of the others', () => {
    const [small, , slow] = points;
    const { shown } = draw('easy', [slow, small]) ?? {};
    expect(shown).toEqual([small]);
    expect(datasets('easy', [slow, small])[0]).toMatchObject({
      label: 'small',
      borderColor: '#000002',
      pointStyle: 'rect',
    });
  });

  test('is absent if no point has an AP of the split', () => {
    expect(draw('medium')).toBeUndefined();
    expect(draw('hard', [])).toBeUndefined();
  });

  test('has room for every interval: times by a factor of 1.6, AP in whole steps of 2 points', () => {
    // Times: 8 / 1.6 = 5 and 80 x 1.6 = 128. AP: intervals reach from 0.45 to 0.85, a fifth of their range is 0.08:
    // 0.37 and 0.93, in steps of 0.02 outwards 0.36 and 0.94.
    const { x, y } = draw('hard')?.config.options?.scales ?? {};
    expect([x?.min, x?.max]).toEqual([5, 128]);
    expect([y?.min, y?.max]).toEqual([0.36, 0.94]);
  });

  test('never shows an AP below 0 or above 1', () => {
    const extremes = [0.005, 0.999].map((hard, index) => ({ ...points[index], ap: { hard }, interval: undefined }));
    const { y } = draw('hard', extremes)?.config.options?.scales ?? {};
    expect([y?.min, y?.max]).toEqual([0, 1]);
  });

  test('says in words how many detectors there are and which are on the front', () => {
    expect(draw('hard')?.summary).toBe(
      '3 detectors; on the Pareto front: small: 50.00 %, 10.0 ms, 400,000 parameters; large: 80.00 %, 40.0 ms, 1,600,000 parameters.',
    );
  });
});
