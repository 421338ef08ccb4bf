import { describe, expect, it } from 'vitest';
import { parseMeasurement } from '../../src/gate/latency/parse-measurement.js';

const parse = (value: unknown) => Object.fromEntries(parseMeasurement(JSON.stringify(value), 'command'));

describe('parseMeasurement', () => {
  it('keeps the first repetition of a list apart as the first run', () => {
    // R-7, 10 %: position 0.2 of 10, 11, 500 sorted: 10 + 0.2 x 1. Mean of 10 and 11.
    expect(parse([500, 10, 11])).toEqual({
      'latency.total': expect.closeTo(10.2, 12),
      'latency.total.mean': 10.5,
      'start.firstRun': 500,
    });
    expect(parse([12])).toEqual({ 'latency.total': 12 });
  });

  it('gives the tail of ten repetitions and more', () => {
    // The last 20 of 21 are 1 to 20: position 0.95 x 19 = 18.05.
    const times = [9, ...Array.from({ length: 20 }, (_, i) => i + 1)];
    expect(parse(times)['latency.total.p95']).toBeCloseTo(19.05, 12);
    // Of ten, the last nine are 1 to 9: position 0.95 x 8 = 7.6.
    expect(parse(times.slice(0, 10))['latency.total.p95']).toBeCloseTo(8.6, 12);
    expect(parse(times.slice(0, 9))).not.toHaveProperty('latency.total.p95');
  });

  it('takes statistics, start, memory and faces of a record, also as older versions wrote it', () => {
    const latencyMs = { total: { p10: 9, median: 10, p95: 12, mean: 10.5, mad: 1, n: 30 } };
    expect(
      parse({ latencyMs, onceMs: { load: 40, firstRun: 15 }, memoryPeakBytes: 1e8, metrics: { faces: 0 } }),
    ).toEqual({
      'latency.total': 9,
      'latency.total.p95': 12,
      'latency.total.mean': 10.5,
      'start.load': 40,
      'start.firstRun': 15,
      'memory.peak': 1e8,
      'faces.found': 0,
    });
    expect(parse({ latencyMs, protocol: { faces: 7 } })).toMatchObject({ 'faces.found': 7 });
  });

  it('takes outcomes beside stages, and no stage of their names', () => {
    expect(parse({ total: 5, faces: 3, onceMs: { load: 8 } })).toEqual({
      'latency.total': 5,
      'start.load': 8,
      'faces.found': 3,
    });
  });
});
