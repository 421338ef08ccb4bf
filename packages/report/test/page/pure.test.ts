import { seededRandom } from '@retinabench/core';
import { encodePoints } from '@retinabench/results';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRecords } from '../../src/compare/compare-records.js';
import { paretoFront } from '../../src/decision/pareto.js';
import { intervalOfMedian } from '../../src/difference/interval-of-difference.js';
import { buildPageData } from '../../src/page/build-page-data.js';
import { recordLabels } from '../../src/page/record-labels.js';
import { renderPage } from '../../src/page/render-page.js';
import { scriptJson } from '../../src/page/script-json.js';
import { thinCurve } from '../../src/page/thin-curve.js';
import { syntheticRecord, widerRecord } from '../synthetic.js';

describe('scriptJson', () => {
  it('gives back the value and never holds what could end a script element', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('</script>', '<!--', ']]>', '\u2028', '&'),
        (text, bad) => {
          const value = { [text]: bad + text };
          const json = scriptJson(value);
          expect(JSON.parse(json)).toEqual(value);
          expect(json).not.toMatch(/[<>&\u2028\u2029]/);
        },
      ),
      { seed: 7 },
    );
  });
});

describe('paretoFront', () => {
  it('keeps the points that no other beats, by ascending cost', () => {
    // (2, 0.5) is beaten by (1, 0.6); (3, 0.7) and (4, 0.9) are not; (5, 0.9) is, by (4, 0.9).
    const points = [
      { cost: 4, value: 0.9 },
      { cost: 2, value: 0.5 },
      { cost: 1, value: 0.6 },
      { cost: 5, value: 0.9 },
      { cost: 3, value: 0.7 },
    ];
    expect(paretoFront(points)).toEqual([2, 4, 0]);
  });

  it('is what comparing all pairs gives', () => {
    const point = fc.record({ cost: fc.integer({ min: 1, max: 6 }), value: fc.integer({ min: 1, max: 6 }) });
    fc.assert(
      fc.property(fc.array(point), (points) => {
        const beaten = (a: (typeof points)[number]): boolean =>
          points.some((b) => b.cost <= a.cost && b.value >= a.value && (b.cost < a.cost || b.value > a.value));
        const expected = points.flatMap((candidate, index) => (beaten(candidate) ? [] : [index]));
        expect([...paretoFront(points)].sort((a, b) => a - b)).toEqual(expected);
      }),
      { seed: 11 },
    );
  });
});

describe('thinCurve', () => {
  it('keeps the ends and at most the points asked for', () => {
    const random = seededRandom(1);
    const recall = Array.from({ length: 1000 }, (_, i) => i / 1000);
    const precision = recall.map((r) => 1 - r ** 6 * (0.8 + 0.01 * random()));
    const thin = thinCurve({ precision, recall }, 100);
    expect(thin.recall.length).toBeLessThanOrEqual(100);
    expect(thin.recall.length).toBeGreaterThan(50);
    expect([thin.recall[0], thin.recall.at(-1)]).toEqual([0, 0.999]);
  });

  it('leaves a short curve as it is', () => {
    const curve = { precision: [1, 0.5], recall: [0, 1] };
    expect(thinCurve(curve, 100)).toEqual(curve);
    expect(thinCurve({ precision: [], recall: [] }, 100)).toEqual({ precision: [], recall: [] });
  });
});

describe('recordLabels', () => {
  const labels = (records: ReturnType<typeof widerRecord>[]) =>
    recordLabels(records.map((record) => ({ file: 'results/run.json', record })));

  it('is the file where the record names no model', () => {
    const { model: _, ...record } = widerRecord(0.7);
    expect(labels([record])).toEqual(['run']);
  });

  it('is the model alone where that is enough, else what tells the records apart', () => {
    const other = widerRecord(0.7, { settings: { rules: 'python', scale: 'long:640' } });
    expect(labels([widerRecord(0.7), other, widerRecord(0.7, { model: { id: 'model-b' } })])).toEqual([
      'model-a · scale original',
      'model-a · scale long:640',
      'model-b',
    ]);
  });

  it('numbers records that nothing tells apart', () => {
    expect(labels([widerRecord(0.7), widerRecord(0.7)])).toEqual(['model-a · #1', 'model-a · #2']);
  });
});

describe('intervalOfMedian', () => {
  it('is 1.96 standard errors of a median around it', () => {
    // 1.96 x sqrt(pi / 2) x 1.4826 x 2 / sqrt(100) = 0.728399.
    const [low, high] = intervalOfMedian({ median: 20, mad: 2, n: 100 });
    expect(low).toBeCloseTo(20 - 0.7284, 3);
    expect(high).toBeCloseTo(20 + 0.7284, 3);
  });
});

describe('compareRecords', () => {
  const marks = (record: ReturnType<typeof widerRecord>, interval: [number, number]) =>
    Object.fromEntries(
      compareRecords(widerRecord(0.74), record, () => ({ difference: -0.01, interval })).map(({ key, mark }) => [
        key,
        mark,
      ]),
    );

  it('marks by whether the paired interval leaves out zero', () => {
    expect(marks(widerRecord(0.73), [-0.02, -0.001])['ap.hard']).toBe('worse');
    expect(marks(widerRecord(0.73), [-0.02, 0.001])['ap.hard']).toBe('not told apart');
  });

  it('marks no difference that only the order of a sum makes', () => {
    const records = [widerRecord(1), widerRecord(1 - 2 ** -53)];
    const difference = records[1].ap?.hard === undefined ? 0 : records[1].ap.hard - 1;
    // 2^-53 is about 1.1e-16.
    expect(difference).toBeLessThan(0);
    const markOf = (by: number) =>
      compareRecords(records[0], records[1], () => ({ difference: by, interval: [2 * by, by / 2] })).find(
        ({ key }) => key === 'ap.hard',
      );
    expect(markOf(difference)).toMatchObject({ mark: 'same', pValue: 1 });
    expect(markOf(-9e-13)?.mark).toBe('same');
    expect(markOf(-2e-12)?.mark).toBe('worse');
  });

  it('marks a smaller model better and a larger one worse', () => {
    expect(marks(widerRecord(0.74, { model: { id: 'm', bytes: 1_000_000 } }), [0, 0])['size.bytes']).toBe('better');
    expect(marks(widerRecord(0.74, { model: { id: 'm', bytes: 2_000_000 } }), [0, 0])['size.bytes']).toBe('worse');
  });

  it('marks memory, which varies from run to run, past 5 % only', () => {
    const peak = (memoryPeakBytes: number) => ({ ...widerRecord(0.74), memoryPeakBytes });
    const markOf = (bytes: number) =>
      compareRecords(peak(200e6), peak(bytes), () => undefined).find(({ key }) => key === 'memory.peak')?.mark;
    expect([markOf(200.4e6), markOf(209e6), markOf(211e6), markOf(189e6)]).toEqual(['same', 'same', 'worse', 'better']);
  });

  it('does not compare another protocol, and says which', () => {
    const other = widerRecord(0.9, { settings: { rules: 'matlab' } });
    const hard = compareRecords(widerRecord(0.74), other, () => undefined).find(({ key }) => key === 'ap.hard');
    expect(hard).toMatchObject({ mark: 'not comparable' });
    expect(hard?.difference).toBeUndefined();
    expect(hard?.how).toBe('another protocol: rules python -> matlab, scale original -> absent');
  });
});

describe('buildPageData', () => {
  const latency = (id: string, median: number, backend = 'ort-node') =>
    syntheticRecord({
      kind: 'latency',
      model: { id },
      backend: { id: backend, version: '1', threads: 1 },
      latencyMs: { total: { median, p95: median, mad: 1, n: 10 } },
    });
  const build = (records: ReturnType<typeof widerRecord>[], baselines = [0]) =>
    buildPageData({
      title: 't',
      createdAt: '2026-01-02T03:04:05.000Z',
      command: 'c',
      records: records.map((record, index) => ({ file: `${index}.json`, record })),
      baselines,
      pairedApDifference: () => undefined,
    });

  it('takes the time of a model from its latency records on the same backend', () => {
    const { speed } = build([
      widerRecord(0.7),
      latency('model-a', 20),
      latency('model-b', 30),
      latency('model-a', 40, 'ort-wasm'),
    ]);
    expect(speed.map(({ key, latencyKey, latencyMs }) => [key, latencyKey, latencyMs])).toEqual([['R1', 'R2', 20]]);
  });

  it('compares each record with the chosen baseline, or with the first of its kind', () => {
    const data = build([widerRecord(0.7), widerRecord(0.71), latency('a', 1), latency('a', 2)], [1]);
    expect(data.records.map(({ key, baselineKey }) => `${key}<${baselineKey}`)).toEqual([
      'R1<R2',
      'R2<R2',
      'R3<R3',
      'R4<R3',
    ]);
  });

  it('compares records of another kind with that of the model and backend of the baseline', () => {
    const data = build([widerRecord(0.7), latency('b', 1), latency('model-a', 2, 'ort-wasm'), latency('model-a', 2)]);
    expect(data.records.map(({ baselineKey }) => baselineKey)).toEqual(['R1', 'R4', 'R4', 'R4']);
  });

  it('leaves out per-image data', () => {
    // One face, found at the first threshold: AP 1.
    const points = encodePoints([1, 1, 1]);
    const images = [
      { name: 'a', points: { easy: points, medium: points, hard: points }, faces: { easy: 1, medium: 1, hard: 1 } },
    ];
    const dataset = { name: 'wider', images: 1, sha256: 'a'.repeat(64) };
    expect(
      build([widerRecord(1, { dataset, ap: { easy: 1, medium: 1, hard: 1 }, images })]).records[0],
    ).not.toHaveProperty('images');
  });

  it('needs a record', () => {
    expect(() => build([])).toThrow(/at least one record/);
  });
});

describe('renderPage', () => {
  it('allows its own script and style by hash, and nothing from elsewhere', () => {
    const html = renderPage(
      {
        title: '<b>',
        createdAt: 't',
        command: 'c',
        records: [],
        decisions: [],
        speed: [],
        gallery: [],
        galleryNotes: [],
        history: [],
      },
      { script: 'start("</script>")', style: 'a{}' },
    );
    expect(html).toContain("default-src 'none'; script-src 'sha256-");
    expect(html).toContain('<title>&lt;b&gt;</title>');
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expect(html).not.toMatch(/(src|href)="https?:/);
  });
});
