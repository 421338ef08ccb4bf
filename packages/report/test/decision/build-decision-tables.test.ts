import { cumulativeErrors, type ResultRecord, summariseErrors } from '@retinabench/results';
import { describe, expect, it } from 'vitest';
import { buildDecisionTables } from '../../src/decision/build-decision-tables.js';
import type { PairedDifference } from '../../src/difference/difference-interval.js';
import { syntheticRecord, widerRecord } from '../synthetic.js';

const models = { a: 'a'.repeat(64), b: 'b'.repeat(64) };
type Name = keyof typeof models;

const wider = (
  name: Name,
  backend: string,
  hard: number,
  { settings = {}, dataset = 'd' }: { settings?: Record<string, string | number>; dataset?: string } = {},
): ResultRecord =>
  widerRecord(hard, {
    model: { id: `model-${name}`, sha256: models[name], bytes: name === 'a' ? 1000 : 500 },
    backend: { id: backend, version: '1', threads: 1 },
    dataset: { name: dataset, images: 4, sha256: dataset.repeat(64).slice(0, 64) },
    settings: { rules: 'python', scale: 'original', nmsIou: name === 'a' ? 0.4 : 0.45, ...settings },
  });

const timed = (
  name: Name,
  backend: string,
  median: number,
  size = 640,
  settings: Record<string, string | number> = {},
  mad = median / 50,
): ResultRecord =>
  syntheticRecord({
    kind: 'latency',
    model: { id: `model-${name}`, sha256: models[name] },
    backend: { id: backend, version: '1', threads: 1 },
    latencyMs: { total: { median, p95: 2 * median, mad, n: 100 } },
    memoryPeakBytes: 2 ** 20,
    settings: {
      scale: 'original',
      imageWidthPx: size,
      imageHeightPx: 480,
      threads: 1,
      nmsIou: name === 'a' ? 0.4 : 0.45,
      ...settings,
    },
  });

/** The true difference, and an interval of one point to both sides. */
const paired: PairedDifference = (before, after, split) => {
  const difference = (after.ap?.[split as 'hard'] ?? 0) - (before.ap?.[split as 'hard'] ?? 0);
  return {
    difference,
    interval: [difference - 0.01, difference + 0.01],
    sample: { unit: 'images', count: 100, differing: 50, tells: 0.0143 },
  };
};

const build = (records: readonly ResultRecord[], baselines: readonly number[] = [0]) =>
  buildDecisionTables(
    records.map((record, index) => ({
      key: `R${index + 1}`,
      name: record.model?.id ?? `file ${index}`,
      record,
      isBaseline: baselines.includes(index),
    })),
    paired,
  );

describe('buildDecisionTables', () => {
  it('joins accuracy and times of one model on one backend, and never of another', () => {
    const [table, ...others] = build([
      wider('a', 'ort-node', 0.7),
      wider('b', 'ort-node', 0.6),
      timed('a', 'ort-node', 20),
      timed('a', 'ort-wasm', 60),
      timed('b', 'ort-node', 10),
    ]);
    expect(others).toEqual([]);
    const rows = table.rows.map(({ model, backend, accuracy, latency }) => [
      model,
      backend,
      accuracy['ap.hard']?.value,
      Object.values(latency).map(({ medianMs }) => medianMs),
    ]);
    // Model a on ort-wasm is timed alone: its AP is not that of ort-node.
    expect(rows).toEqual([
      ['model-a', 'ort-node', 0.7, [20]],
      ['model-a', 'ort-wasm', undefined, [60]],
      ['model-b', 'ort-node', 0.6, [10]],
    ]);
    expect(table.rows[0]).toMatchObject({ bytes: 1000, memoryPeakBytes: 2 ** 20, isBaseline: true });
  });

  it('joins no times by the id of a model alone, and says why', () => {
    const { sha256: _, ...model } = timed('a', 'ort-node', 20).model ?? { id: '' };
    const unhashed: ResultRecord = { ...timed('a', 'ort-node', 20), model };
    const note = (whose: string): string =>
      `The times of model-a in R3 are not joined to its row: ${whose} does not state the hash of the model, and an id alone may be that of two networks. Make that record again.`;
    const [table] = build([wider('a', 'ort-node', 0.7), wider('b', 'ort-node', 0.6), unhashed]);
    expect(table.rows[0].latency).toEqual({});
    expect(table.notes).toEqual([note('R3')]);
    // The other way round: the accuracy is of who knows which network of that id.
    const accuracy: ResultRecord = { ...wider('a', 'ort-node', 0.7), model };
    const [reverse] = build([accuracy, wider('b', 'ort-node', 0.6), timed('a', 'ort-node', 20)]);
    expect(reverse.rows[0].latency).toEqual({});
    expect(reverse.notes).toEqual([note('R1')]);
    // Two hashes of one id are two networks, which the rows say themselves.
    const other: ResultRecord = { ...timed('b', 'ort-node', 20), model: { ...model, sha256: models.b } };
    const [apart] = build([wider('a', 'ort-node', 0.7), wider('b', 'ort-node', 0.6), other]);
    expect(apart.notes.filter((text) => text.includes('hash'))).toEqual([]);
  });

  it('keeps data sets and ways of scoring apart, each in a table of its own', () => {
    const tables = build([
      wider('a', 'ort-node', 0.7),
      wider('a', 'ort-node', 0.7, { dataset: 'e' }),
      wider('a', 'ort-node', 0.7, { settings: { rules: 'matlab' } }),
      wider('b', 'ort-node', 0.6),
    ]);
    expect(tables.map(({ rows }) => rows.map(({ key }) => key))).toEqual([['R1', 'R4'], ['R2'], ['R3']]);
  });

  it('compares detectors of two cards as wholes, and no two protocols of one network', () => {
    const [table] = build([
      wider('a', 'ort-node', 0.7),
      wider('b', 'ort-node', 0.65),
      wider('a', 'ort-wasm', 0.7, { settings: { nmsIou: 0.3 } }),
    ]);
    const marks = table.rows.map(({ accuracy }) => accuracy['ap.hard']?.difference?.mark);
    // R3 stands beside R1, of its model.
    expect(marks).toEqual([undefined, 'not comparable', 'worse']);
    expect(table.rows[2].accuracy['ap.hard'].difference?.value).toBeCloseTo(-0.05, 12);
  });

  it('marks the best of a column, what equals it and what cannot be told apart, with the images that would tell', () => {
    const [{ rows, sentences }] = build([
      wider('a', 'ort-node', 0.7),
      wider('a', 'ort-wasm', 0.7),
      wider('b', 'ort-node', 0.695),
      wider('b', 'ort-wasm', 0.6),
    ]);
    expect(rows.map(({ accuracy }) => accuracy['ap.hard'].standing)).toEqual(['best', 'same', 'alike', undefined]);
    // 100 x (0.0143 / 0.005)^2 = 817.96, up to two digits 820.
    expect(rows[2].accuracy['ap.hard'].needed).toEqual({ count: 820, unit: 'images' });
    expect(sentences).toContain(
      'model-a on ort-node has the highest AP hard, 70.00 %, the same as model-a on ort-wasm.',
    );
    expect(sentences).toContain('model-b on ort-node cannot be told apart from it; about 820 images would tell.');
  });

  it('marks the Pareto front in time and in the deciding AP, and says it against the baseline', () => {
    const [{ rows, sentences }] = build([
      wider('a', 'ort-node', 0.7),
      wider('b', 'ort-node', 0.65),
      wider('b', 'ort-wasm', 0.65),
      timed('a', 'ort-node', 20),
      timed('b', 'ort-node', 10),
      timed('b', 'ort-wasm', 30),
    ]);
    expect(rows.map(({ isPareto }) => isPareto)).toEqual([true, true, false]);
    // MAD of 2 %: relative reach 1.96 x sqrt(pi / 2) x 1.4826 x 0.02 / 10 = 0.0072840, of two 0.010301;
    // 2 x e^-0.010301 = 1.9795 and 2 x e^0.010301 = 2.0207.
    expect(sentences[0]).toBe(
      'model-b on ort-node is 2.00 times faster [1.98, 2.02] and loses 5.00 points of AP hard [4.00, 6.00], against model-a on ort-node.',
    );
  });

  it('gives times of two conditions two columns, whose ratios are within each', () => {
    const [{ latency, rows }] = build([
      wider('a', 'ort-node', 0.7),
      wider('b', 'ort-node', 0.6),
      timed('a', 'ort-node', 20),
      timed('b', 'ort-node', 10),
      timed('a', 'ort-node', 80, 1920),
    ]);
    expect(latency.map(({ heading }) => heading)).toEqual(['640 x 480, 1 thread', '1920 x 480, 1 thread']);
    const [small, large] = latency.map(({ id }) => id);
    expect(rows[1].latency[small].ratio?.value).toBe(0.5);
    expect(rows[1].latency[large]).toBeUndefined();
  });

  it('has a row for each scale, timed only at its own', () => {
    const [{ rows, notes }] = build([
      wider('a', 'ort-node', 0.7),
      wider('a', 'ort-node', 0.6, { settings: { scale: 'long:320' } }),
      timed('a', 'ort-node', 20),
    ]);
    expect(rows.map(({ scale, latency }) => [scale, Object.keys(latency).length])).toEqual([
      ['original', 1],
      ['long:320', 0],
    ]);
    expect(notes).toHaveLength(1);
  });

  it('joins no time that was taken at another scale or under another card of the same network', () => {
    const small = { scale: 'long:320' };
    const other = { nmsIou: 0.3 };
    const [table] = build([
      wider('a', 'ort-node', 0.7, { settings: small }),
      wider('a', 'ort-wasm', 0.7, { settings: { ...small, ...other } }),
      timed('a', 'ort-node', 20),
      timed('a', 'ort-wasm', 60, 640, { ...small, ...other }),
      timed('a', 'ort-wasm', 30, 640, small),
    ]);
    const rows = table.rows.map(({ key, backend, detail, latency }) => [
      key,
      backend,
      detail,
      Object.values(latency).map(({ medianMs }) => medianMs),
    ]);
    expect(rows).toEqual([
      ['R1', 'ort-node', 'R1', []],
      ['R2', 'ort-wasm', 'R2', [60]],
      [undefined, 'ort-node', 'timed alone, scale original', [20]],
      [undefined, 'ort-wasm', 'timed alone, scale long:320', [30]],
    ]);
    expect(table.notes[0]).toMatch(/bench ran with scale original for long:320: run it again/);
  });

  it('joins a time that states less than the record of accuracy does', () => {
    const [table] = build([wider('a', 'ort-node', 0.7, { settings: { topK: 0 } }), timed('a', 'ort-node', 20)]);
    expect(table.rows.map(({ latency }) => Object.keys(latency).length)).toEqual([1]);
  });

  it('names the hash where two networks have one id', () => {
    const one = { ...wider('b', 'ort-wasm', 0.6), model: { id: 'model-a', sha256: models.b } };
    const [table] = build([wider('a', 'ort-node', 0.7), one]);
    expect(table.rows.map(({ model, detail }) => [model, detail])).toEqual([
      ['model-a', 'sha256 aaaaaaaa'],
      ['model-a', 'sha256 bbbbbbbb'],
    ]);
  });

  it('says in the title what tells two data sets of one name apart', () => {
    const record = wider('a', 'ort-node', 0.7);
    const other = { ...record, dataset: { name: 'd', images: 4, sha256: 'e'.repeat(64) } };
    expect(build([record, other]).map(({ title }) => title)).toEqual([
      'd, 4 images, rules python, data dddddddd',
      'd, 4 images, rules python, data eeeeeeee',
    ]);
  });

  it('says of a difference without interval that it has none, and of two times that a wide interval tells nothing', () => {
    const records = [wider('a', 'ort-node', 0.7), wider('b', 'ort-node', 0.6)];
    // MAD of half the median: relative reach 1.96 x sqrt(pi / 2) x 1.4826 x 0.5 / 10 = 0.1821, of two 0.2575;
    const rough = [timed('a', 'ort-node', 20, 640, {}, 10), timed('b', 'ort-node', 21, 640, {}, 10.5)];
    const [{ sentences: told }] = buildDecisionTables(
      [records[1], records[0], rough[1], rough[0]].map((record, index) => ({
        ...{ key: `R${index + 1}`, name: record.model?.id ?? '', record, isBaseline: index === 0 },
      })),
      () => undefined,
    );
    // 1 / 1.05 = 0.952; x e^-0.2575 = 0.736, x e^0.2575 = 1.232.
    expect(told[0]).toBe(
      'model-a on ort-node cannot be told apart in time (0.95 [0.74, 1.23]) and gains 10.00 points of AP hard (no interval), against model-b on ort-node.',
    );
  });

  it('puts models that are timed alone into a table without accuracy', () => {
    const tables = build([timed('a', 'ort-node', 20), timed('b', 'ort-node', 10)]);
    expect(tables).toHaveLength(1);
    expect(tables[0].accuracy).toEqual([]);
    expect(tables[0].sentences).toContain('The fastest is model-b on ort-node, 10.0 ms (640 x 480, 1 thread).');
  });

  it('takes the baseline that is asked for', () => {
    const [{ rows }] = build([wider('a', 'ort-node', 0.7), wider('b', 'ort-node', 0.6)], [1]);
    expect(rows.map(({ isBaseline }) => isBaseline)).toEqual([false, true]);
  });

  it('says of an error that it is lowered or raised', () => {
    const landmarks = (name: Name, nme: number) =>
      syntheticRecord({
        kind: 'landmarks',
        model: { id: `model-${name}`, sha256: models[name] },
        dataset: { name: 'points', images: 4, sha256: 'e'.repeat(64) },
        landmarks: {
          ...{ withoutPoints: 0, withoutLength: 0, unmatched: 0, incomplete: 0, perPoint: [], nmeWithMissesAsOne: nme },
          matchedOnly: summariseErrors(Float64Array.of(nme, nme, nme, nme), [0.1]),
          missesAsFailures: summariseErrors(Float64Array.of(nme, nme, nme, nme), [0.1]),
          ced: cumulativeErrors(Float64Array.of(nme, nme, nme, nme), 0.15, 3),
          images: ['1', '2', '3', '4'].map((name) => ({ name, errors: [nme] })),
        },
        settings: { normaliser: 'eyes' },
      });
    const by: PairedDifference = () => ({ difference: -0.01, interval: [-0.012, -0.008] });
    const [{ sentences }] = buildDecisionTables(
      [landmarks('a', 0.05), landmarks('b', 0.04)].map((record, index) => ({
        ...{ key: `R${index + 1}`, name: record.model?.id ?? '', record, isBaseline: index === 0 },
      })),
      by,
    );
    expect(sentences).toEqual([
      'model-b lowers Landmark NME by 1.00 points [0.80, 1.20], against model-a.',
      'model-b has the lowest Landmark NME, 4.00 %.',
    ]);
  });

  it('shows what parity says of a backend', () => {
    const parity = syntheticRecord({
      kind: 'parity',
      model: { id: 'model-a', sha256: models.a },
      backend: { id: 'ort-node', version: '1', threads: 1 },
      parity: [
        {
          backend: 'ort-wasm',
          images: 5,
          outputMaxAbsolute: { scores: 0.4 },
          scoreMaxAbsolute: 0.02,
          boxMaxPx: 12.8,
          unmatched: 3,
          detections: 120,
          tolerance: 1e-4,
          withinTolerance: false,
        },
      ],
    });
    const [{ rows }] = build([
      wider('a', 'ort-node', 0.7),
      wider('a', 'ort-wasm', 0.7),
      wider('b', 'ort-wasm', 0.7),
      parity,
    ]);
    expect(rows.map((row) => row.parity)).toEqual([
      { key: 'R4', verdict: 'reference' },
      { key: 'R4', verdict: 'past tolerance', detail: 'boxes up to 12.8 px, scores up to 0.02, 3 of 120 unmatched' },
      undefined,
    ]);
    // Made later and given earlier; and one in which the backend is the reference takes nothing back.
    const failed = {
      ...parity,
      createdAt: '2026-01-03T00:00:00.000Z',
      parity: (parity.parity ?? []).map((result) => ({ ...result, failure: 'no' })),
    };
    const reference = {
      ...parity,
      createdAt: '2026-01-04T00:00:00.000Z',
      backend: { id: 'ort-wasm', version: '1', threads: 1 },
      parity: [],
    };
    const [{ rows: again }] = build([wider('a', 'ort-wasm', 0.7), failed, parity, reference]);
    expect(again[0].parity).toEqual({ key: 'R2', verdict: 'failed', detail: 'no' });
  });
});

describe('times that runs of accuracy took of themselves', () => {
  const own = (name: Name, median: number, workers: number | undefined): ResultRecord => ({
    ...wider(name, 'ort-node', name === 'a' ? 0.7 : 0.6),
    latencyMs: { detect: { median, p95: 2 * median, mad: median / 50, n: 4 } },
    ...(workers === undefined ? {} : { detectTiming: { workers, images: 4 } }),
  });
  const headings = (records: readonly ResultRecord[]) => build(records)[0].latency.map(({ heading }) => heading);

  it('do not hide that bench ran with other settings', () => {
    const [{ notes }] = build([own('a', 20, 2), timed('a', 'ort-node', 18, 640, { scale: 'long:320' })]);
    expect(notes[0]).toMatch(/bench ran with scale long:320 for original: run it again/);
  });

  it('stand in a column that says so, one for each number of workers', () => {
    expect(headings([own('a', 20, 2), own('b', 10, 2)])).toEqual([
      expect.stringMatching(/^while evaluating, 2 workers, 1 thread/),
    ]);
    const [one, two] = headings([own('a', 20, 1), own('b', 10, 2)]);
    expect([one, two]).toEqual([
      expect.stringMatching(/while evaluating, 1 worker,/),
      expect.stringMatching(/while evaluating, 2 workers,/),
    ]);
  });

  it('are compared with nothing where nobody knows how many workers ran', () => {
    expect(headings([own('a', 20, undefined), own('b', 10, undefined)])).toEqual([]);
  });

  it('decide the front only where no bench does', () => {
    // By its own times b is the faster one, and both are on the front; by the bench a is, and beats it in both.
    const runs = [own('a', 20, 2), own('b', 10, 2)];
    const front = (records: readonly ResultRecord[]) => build(records)[0].rows.map(({ isPareto }) => isPareto);
    expect(front(runs)).toEqual([true, true]);
    expect(front([...runs, timed('a', 'ort-node', 5), timed('b', 'ort-node', 9)])).toEqual([true, false]);
  });
});
