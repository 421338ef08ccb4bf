import { describe, expect, it } from 'vitest';
import { assertRecord, protocolId, type ResultRecord } from '../../src/index.js';
import { validRecord } from '../support/valid-record.js';

const { schemaVersion, createdAt, protocol, environment } = validRecord;
// Every round took twice as long as the first's: ratio 2, interval [2, 2].
const record = {
  ...{ schemaVersion, createdAt, protocol, environment },
  kind: 'latency',
  latencyMs: { total: { median: 20, p95: 25, mad: 1, n: 30, roundMedians: [20, 40, 60, 20, 40, 60] } },
  benchRun: 'one',
  ratioToFirst: {
    first: { model: 'a', backend: 'ort-node', threads: 1 },
    ratio: 2,
    interval: [2, 2],
    firstRoundMedians: [10, 20, 30, 10, 20, 30],
    rank: 2,
    among: 2,
  },
  loadOfOthers: { shares: [0, 0.2, 0.05, 0, 0.3, 0.1], limit: 0.1, disturbed: 2 },
} as const satisfies ResultRecord;

const ratio = (part: object) => ({ ...record, ratioToFirst: { ...record.ratioToFirst, ...part } });
const load = (part: object) => ({ ...record, loadOfOthers: { ...record.loadOfOthers, ...part } });

describe('a record of a bench', () => {
  it('is read with the ratio that its rounds give', () => {
    expect(assertRecord(record, 'r.json')).toBe(record);
    // Of batches it is of the time an image.
    const { latencyMs, ratioToFirst } = record;
    const first = { ...ratioToFirst.first, batch: 1 };
    const batches = { ...record, latencyMs: { perImage: latencyMs.total }, ratioToFirst: { ...ratioToFirst, first } };
    expect(() => assertRecord(batches, 'r.json')).toThrow(/firstRoundMedians: expected 0 times, as latencyMs\.total/);
    const named = { ...batches, ratioToFirst: { ...batches.ratioToFirst, of: 'perImage' } };
    expect(assertRecord(named, 'r.json')).toBe(named);
  });

  it.each<[string, object, RegExp]>([
    ['another ratio', ratio({ ratio: 1.9 }), /ratioToFirst\.ratio: expected 2, of the rounds/],
    ['a narrower interval', ratio({ interval: [2, 2.1] }), /ratioToFirst\.interval\.1: expected 2/],
    ['no interval for enough rounds', ratio({ interval: undefined }), /ratioToFirst\.interval: expected/],
    ['rounds that are missing', ratio({ firstRoundMedians: [10] }), /ratioToFirst\.firstRoundMedians: expected 6/],
    ['a place behind the last', ratio({ rank: 3 }), /ratioToFirst\.rank: expected at most 2/],
    ['disturbed rounds miscounted', load({ disturbed: 1 }), /loadOfOthers\.disturbed: expected 2/],
    ['a round without its load', load({ shares: [0.2, 0.3] }), /loadOfOthers\.shares: expected 6/],
    ['more than all processors', load({ shares: [2] }), /loadOfOthers\.shares/],
  ])('is refused with %s', (_title, changed, message) => {
    expect(() => assertRecord(JSON.parse(JSON.stringify(changed)), 'r.json')).toThrow(message);
  });
});

describe('a record of an evaluation with the times of its own detections', () => {
  const times = { median: 20, p95: 25, mad: 1, n: 30 };
  const { ap: _ap, interval: _interval, ...scored } = validRecord;
  const own = { ...scored, latencyMs: { detect: times }, detectTiming: { workers: 2, images: 30, earlier: 4 } };

  it('is read where as many images have a time as were timed', () => {
    expect(assertRecord(own, 'r.json')).toBe(own);
  });

  it.each<[string, object, RegExp]>([
    ['more images than times', { workers: 2, images: 31 }, /detectTiming\.images: expected 30/],
    [
      'more earlier images than all',
      { workers: 2, images: 30, earlier: 31 },
      /detectTiming\.earlier: expected at most/,
    ],
    ['no worker', { workers: 0, images: 30 }, /detectTiming\.workers/],
  ])('is refused with %s', (_title, detectTiming, message) => {
    expect(() => assertRecord({ ...own, detectTiming }, 'r.json')).toThrow(message);
  });
});

describe('a record of images that arrive', () => {
  const times = { median: 20, p95: 25, p99: 30, mad: 1, n: 300 };
  const head = { schemaVersion, createdAt, environment, kind: 'latency' };
  const settings = { scenario: 'server', latencyBoundMs: 30 };
  const rate = { 'server.queriesPerSecond': 9, 'server.late': 0 };
  const server = {
    ...{ ...head, protocol: { id: protocolId(settings), ...settings } },
    ...{ latencyMs: { query: times }, metrics: rate },
  };
  const counts = { 'stream.frames': 310, 'stream.late': 4, 'stream.dropped': 10 };
  const stream = { ...head, protocol, latencyMs: { frame: times }, metrics: counts };

  it('is read where its counts add up and the bound holds', () => {
    expect(assertRecord(server, 'r.json')).toBe(server);
    expect(assertRecord(stream, 'r.json')).toBe(stream);
  });

  it.each<[string, object, RegExp]>([
    [
      'p99 above the bound',
      { ...server, latencyMs: { query: { ...times, p99: 31 } } },
      /query\.p99: expected at most 30/,
    ],
    ['p99 below p95', { ...server, latencyMs: { query: { ...times, p99: 24 } } }, /query\.p99: expected at least 25/],
    [
      'too many late queries',
      { ...server, metrics: { ...rate, 'server.late': 4 } },
      /server\.late: expected at most 1 %/,
    ],
    [
      'frames that got lost',
      { ...stream, metrics: { ...counts, 'stream.dropped': 9 } },
      /stream\.frames: expected 309/,
    ],
    ['more late frames than all', { ...stream, metrics: { ...counts, 'stream.late': 301 } }, /stream\.late: expected/],
  ])('is refused with %s', (_title, changed, message) => {
    expect(() => assertRecord(changed, 'r.json')).toThrow(message);
  });
});
