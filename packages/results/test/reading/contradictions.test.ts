import { DatasetError } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { assertRecord, contentDigest, encodePoints, protocolId, type ResultRecord } from '../../src/index.js';
import { validRecord } from '../support/valid-record.js';

const { ap: _ap, interval: _interval, curves: _curves, tar: _tar, rank: _rank, loss: _loss, ...bare } = validRecord;

/** Reading fails with a message that matches. */
function refused(record: object, message: RegExp): void {
  expect(() => assertRecord(record, 'r.json')).toThrow(DatasetError);
  expect(() => assertRecord(record, 'r.json')).toThrow(message);
}

describe('a WIDER record', () => {
  /*
   * Image a has 2 faces: one found at threshold 1, a false positive at 3. Image b has 2 faces, one found at threshold 2.
   * Sums: (1 proposal, 1 found), (2, 2), (3, 2) of 4 faces. Precision 1, 1, 2/3 at recall 1/4, 2/4, 2/4: AP 0.5.
   */
  const faces = { easy: 2, medium: 2, hard: 2 };
  const triples = (points: number[]) => ({
    easy: encodePoints(points),
    medium: encodePoints(points),
    hard: encodePoints(points),
  });
  const count = { truePositives: 2, proposals: 3, faces: 4 };
  const curve = { precision: [1, 1, 2 / 3], recall: [0.25, 0.5, 0.5] };
  const record = {
    ...bare,
    dataset: { ...validRecord.dataset, images: 2 },
    breakdown: { event: { '0--A': { faces: 4, ap: 0.5, recall: 0.5 } } },
    ap: { easy: 0.5, medium: 0.5, hard: 0.5 },
    interval: { easy: [0.4, 0.6], medium: [0.4, 0.6], hard: [0.5, 0.6] },
    curves: { easy: curve, medium: curve, hard: curve },
    counts: { easy: count, medium: count, hard: count },
    images: [
      { name: '0--A/a', points: triples([1, 1, 1, 2, 1, 0]), faces },
      { name: '0--A/b', points: triples([2, 1, 1]), faces },
    ],
  };
  const { images: _, ...withoutImages } = record;
  const { counts: __, ...withoutCounts } = withoutImages;

  it('is read where everything follows from its points', () => {
    expect(assertRecord(record, 'r.json')).toBe(record);
    expect(assertRecord(withoutImages, 'r.json')).toBe(withoutImages);
  });

  it.each<[string, object, RegExp]>([
    [
      'an edited AP',
      { ...record, ap: { ...record.ap, hard: 1 } },
      /ap\.hard: expected 0\.5, the AP of its images' points, got 1/,
    ],
    [
      'an AP off its curve',
      { ...withoutCounts, ap: { ...record.ap, easy: 0.51 } },
      /ap\.easy: expected 0\.5, the AP of its curve/,
    ],
    ['an AP that was taken out', { ...record, ap: { easy: 0.5, hard: 0.5 } }, /ap\.medium: expected 0\.5.*got nothing/],
    [
      'an interval without its value',
      { ...withoutCounts, interval: { hard: [0.51, 0.6] } },
      /interval\.hard: .*holds its value, 0\.5/,
    ],
    [
      'an interval turned round',
      { ...withoutCounts, interval: { hard: [0.6, 0.4] } },
      /interval\.hard: expected low, then high/,
    ],
    ['an interval past 1', { ...withoutCounts, interval: { hard: [0.4, 1.2] } }, /interval\.hard: expected bounds/],
    [
      'counts off their points',
      { ...record, counts: { ...record.counts, hard: { ...count, proposals: 4 } } },
      /counts\.hard\.proposals: expected 3/,
    ],
    [
      'more found than there are',
      { ...withoutImages, counts: { ...record.counts, easy: { ...count, truePositives: 5 } } },
      /counts\.easy\.truePositives: expected at most 3/,
    ],
    [
      'an image twice',
      { ...record, images: [record.images[0], { ...record.images[1], name: '0--A/a' }] },
      /images: expected every image once/,
    ],
    [
      'a bin off its images',
      { ...record, breakdown: { event: { '0--A': { faces: 4, ap: 0.9, recall: 0.5 } } } },
      /breakdown\.event\.0--A\.ap: expected 0\.5/,
    ],
    [
      'a recall that falls',
      { ...withoutCounts, curves: { easy: { precision: [1, 1], recall: [0.5, 0.4] } } },
      /curves\.easy: .*recall that never falls/,
    ],
    [
      'more misses than faces',
      { ...record, metrics: { 'misses.hard': 5 } },
      /metrics\.misses\.hard: expected at most 4/,
    ],
  ])('is refused with %s', (_title, changed, message) => {
    refused(changed, message);
  });
});

describe('counts of a record', () => {
  it.each<[string, object, RegExp]>([
    ['a negative count', { metrics: { 'misses.hard': -1 } }, /metrics\.misses\.hard: expected a whole number/],
    ['a part of a face', { metrics: { faces: 3.5 } }, /metrics\.faces: expected a whole number/],
    ['a share above 1', { metrics: { 'coco.ap.hard': 36.7 } }, /metrics\.coco\.ap\.hard: expected from 0 to 1/],
    [
      'more hits than searches',
      { metrics: { 'gallery1.mated': 4, 'gallery1.hits.1': 5 } },
      /metrics\.gallery1\.hits\.1: expected at most 4/,
    ],
    ['another number of images', { images: [] }, /dataset\.images: expected 0, its images, got 3226/],
    [
      'more images resumed than there are',
      { resumed: { images: 4000, earliest: '2026-01-01T00:00:00Z', latest: '2026-01-02T00:00:00Z' } },
      /resumed\.images: expected at most 3226/,
    ],
  ])('are refused with %s', (_title, part, message) => {
    refused({ ...bare, ...part }, message);
  });
});

describe('a record with a digest', () => {
  const digested = { ...validRecord, contentSha256: contentDigest(validRecord) };

  it('is read, whatever the order of its keys', () => {
    const turned = Object.fromEntries(Object.entries(digested).reverse());
    expect(assertRecord(turned, 'r.json')).toEqual(digested);
  });

  it('is refused where anything was edited, and read without a digest as older versions wrote it', () => {
    refused({ ...digested, warnings: [] }, /contentSha256: expected [0-9a-f]{12}.*edited/);
    refused({ ...digested, contentSha256: '0'.repeat(64) }, /contentSha256/);
    expect(assertRecord(validRecord, 'r.json')).toBe(validRecord);
  });
});

describe('a latency record', () => {
  const total = { p10: 19, median: 20, p95: 25, mean: 21, mad: 1, n: 30 };
  const record = { ...bare, kind: 'latency', latencyMs: { total }, onceMs: { load: 40, firstRun: 25 } };
  const changed = (part: object) => ({ ...record, latencyMs: { total: { ...total, ...part } } });

  it('is read with quantiles in order', () => {
    expect(assertRecord(record, 'r.json')).toBe(record);
  });

  it.each<[string, object, RegExp]>([
    [
      'a distribution whose middle is not the median',
      changed({ quantiles: Array.from({ length: 21 }, (_, step) => 10 + step / 4) }),
      /latencyMs\.total\.quantiles\.10: expected 20, the median/,
    ],
    [
      'a distribution that falls',
      changed({ quantiles: Array.from({ length: 21 }, (_, step) => 30 - step) }),
      /latencyMs\.total\.quantiles\.1: expected at least 30/,
    ],
    [
      'more rounds than repetitions',
      changed({ roundMedians: Array.from({ length: 1e5 }, () => 20) }),
      /latencyMs\.total\.roundMedians: expected at most/,
    ],
    ['a median above the 95 % quantile', changed({ median: 26 }), /latencyMs\.total\.p95: expected at least 26/],
    ['a low quantile above the median', changed({ p10: 20.5 }), /latencyMs\.total\.median: expected at least 20\.5/],
    ['a negative time', changed({ p10: -1 }), /latencyMs\.total: expected times of at least 0 ms/],
    ['a negative spread', changed({ mad: -1 }), /latencyMs\.total\.mad: expected at least 0/],
    ['a mean that half of the times forbid', changed({ mean: 9 }), /latencyMs\.total\.mean: expected at least 10/],
    ['no repetition', changed({ n: 0 }), /latencyMs\.total\.n/],
    ['a negative start', { ...record, onceMs: { load: -1 } }, /onceMs\.load: expected at least 0/],
    ['a number as text', changed({ median: 'NaN' }), /latencyMs\.total\.median: expected number, got "NaN"/],
  ])('is refused with %s', (_title, part, message) => {
    refused(part, message);
  });
});

describe('a verification record', () => {
  // 40 genuine and 1000 impostor pairs.
  const at = (tar: number, impostors: number, threshold: number) => ({
    tar,
    achievedFar: impostors / 1000,
    threshold,
    impostors,
    interval: [tar - 0.05, tar + 0.05],
  });
  const tar = { '1e-3': at(0.8, 1, 0.9), '1e-2': at(0.9, 10, 0.7) };
  const record = {
    ...bare,
    kind: 'ijbc-verification',
    tar,
    roc: { far: [0, 0.001, 0.005, 0.02, 1], tar: [0.5, 0.8, 0.85, 0.95, 1] },
    scoreHistogram: { low: 0, high: 1, genuine: [4, 36], impostor: [990, 10] },
    metrics: { 'pairs.genuine': 40, 'pairs.impostor': 1000, auc: 0.98, eer: 0.03 },
  };
  const changed = (part: object) => ({ ...record, tar: { ...tar, '1e-2': { ...tar['1e-2'], ...part } } });

  it('is read where its rates are counts over its pairs', () => {
    expect(assertRecord(record, 'r.json')).toBe(record);
  });

  it.each<[string, object, RegExp]>([
    // 0.91 x 40 = 36.4 pairs.
    [
      'a TAR that is no count',
      changed({ tar: 0.91 }),
      /tar\.1e-2\.tar: expected a whole number of the 40 genuine pairs/,
    ],
    ['a TAR off its ROC', changed({ tar: 0.975, interval: [0.9, 1] }), /tar\.1e-2\.tar: expected from 0\.85 to 0\.95/],
    [
      'a TAR that falls along the FAR',
      changed({ tar: 0.775, interval: [0.7, 0.8] }),
      /tar\.1e-2\.tar: expected at least 0\.8/,
    ],
    ['a FAR off its impostors', changed({ impostors: 11 }), /tar\.1e-2\.achievedFar: expected 0\.011/],
    ['a threshold that rises', changed({ threshold: 0.95 }), /threshold: expected a threshold that does not rise/],
    [
      'an interval without its value',
      changed({ interval: [0.91, 0.95] }),
      /tar\.1e-2\.interval: .*holds its value, 0\.9/,
    ],
    [
      'a histogram of other pairs',
      { ...record, scoreHistogram: { ...record.scoreHistogram, genuine: [4, 35] } },
      /scoreHistogram\.genuine: expected 40/,
    ],
    // Steps of the ROC allow 0.5 x 0.001 + 0.8 x 0.004 + 0.85 x 0.015 + 0.95 x 0.98 = 0.94745 at least.
    [
      'an area off its ROC',
      { ...record, metrics: { ...record.metrics, auc: 0.94 } },
      /metrics\.auc: expected from 0\.947/,
    ],
    [
      'an equal error rate off its ROC',
      { ...record, metrics: { ...record.metrics, eer: 0.01 } },
      /metrics\.eer: expected from 0\.02/,
    ],
    [
      'a ROC that falls',
      { ...record, roc: { far: [0, 0.5, 1], tar: [0.5, 0.4, 1] } },
      /roc\.tar\[1\]: expected at least 0\.5/,
    ],
    [
      'a FAR past its target',
      { ...record, tarNotAbove: { '1e-3': at(0.8, 2, 0.9) } },
      /tarNotAbove\.1e-3\.achievedFar: expected at most 1e-3/,
    ],
  ])('is refused with %s', (_title, part, message) => {
    refused(part, message);
  });
});

describe('an identification record', () => {
  const metrics = {
    'gallery1.mated': 10,
    'gallery1.hits.1': 8,
    'gallery1.hits.5': 9,
    'gallery1.tpir.0.1': 0.7,
    'gallery2.mated': 30,
    'gallery2.hits.1': 22,
    'gallery2.hits.5': 27,
    'gallery2.tpir.0.1': 0.5,
  };
  // (8 + 22) / 40, (9 + 27) / 40, (0.7 + 0.5) / 2.
  const record = {
    ...bare,
    kind: 'ijbc-identification',
    rank: { 1: 0.75, 5: 0.9 },
    tpir: { 0.1: 0.6 },
    identificationCurve: { fpir: [0.01, 0.1, 1], tpir: [0.5, 0.6, 0.8] },
    metrics,
  };

  it('is read where ranks are hits over mated probes', () => {
    expect(assertRecord(record, 'r.json')).toBe(record);
  });

  it.each<[string, object, RegExp]>([
    ['a rank off its hits', { rank: { 1: 0.8, 5: 0.9 } }, /rank\.1: expected 0\.75, hits over mated probes/],
    ['a rank that falls', { metrics: {}, rank: { 1: 0.9, 5: 0.8 } }, /rank\.5: expected at least 0\.9/],
    ['a TPIR off its galleries', { tpir: { 0.1: 0.62 } }, /tpir\.0\.1: expected 0\.6, the mean/],
    [
      'a TPIR off its curve',
      { metrics: {}, tpir: { 0.1: 0.9 } },
      /tpir\.0\.1: expected from 0\.5 to 0\.8, by its curve/,
    ],
  ])('is refused with %s', (_title, part, message) => {
    refused({ ...record, ...part }, message);
  });
});

describe('a parity record', () => {
  const settings = { unmatchedShare: 0.01, apTolerance: 0.001 };
  const result = {
    backend: 'ort-wasm',
    images: 5,
    outputMaxAbsolute: { boxes: 1e-5 },
    scoreMaxAbsolute: 1e-6,
    boxMaxPx: 0.02,
    unmatched: 1,
    detections: 90,
    tolerance: 1e-4,
    boxTolerancePx: 0.05,
    apDifference: { hard: 0.0005 },
    withinTolerance: true,
  };
  const record = (part: object): ResultRecord =>
    ({
      ...bare,
      kind: 'parity',
      protocol: { id: protocolId(settings), ...settings },
      parity: [{ ...result, ...part }],
    }) as ResultRecord;

  it('is read where its verdict is that of its numbers', () => {
    expect(assertRecord(record({}), 'r.json')).toMatchObject({ kind: 'parity' });
  });

  it.each<[string, object, RegExp]>([
    [
      'a landmark past its tolerance',
      { landmarkMaxPx: 0.2, landmarkNme: 0.001 },
      /false, for ort-wasm moves a landmark by 0\.2 px/,
    ],
    ['a box past its tolerance', { boxMaxPx: 3 }, /withinTolerance: expected false, for ort-wasm moves a box by 3 px/],
    // At most ceil(0.01 x 90) = 1.
    ['too many without a partner', { unmatched: 2 }, /withinTolerance: .*leaves 2 of 90/],
    ['an AP past its tolerance', { apDifference: { hard: -0.01 } }, /withinTolerance: .*hard AP by -0\.01/],
    ['more tied scores than detections', { tied: 91 }, /tied: expected at most the detections, 90, got 91/],
    ['a failure', { failure: 'ended' }, /withinTolerance: .*stopped with a failure/],
    ['a negative difference', { scoreMaxAbsolute: -1 }, /scoreMaxAbsolute: expected at least 0/],
  ])('is refused as within tolerance with %s', (_title, part, message) => {
    refused(record(part), message);
  });
});

describe('a loss record', () => {
  const settings = { weightClassification: 1, weightBox: 0.25, weightLandmark: 0.1 };
  // 2 + 0.25 x 0.8 + 0.1 x 3 = 2.5
  const record = {
    ...bare,
    kind: 'loss',
    protocol: { id: protocolId(settings), ...settings },
    loss: { classification: 2, box: 0.8, landmark: 3, total: 2.5 },
    positives: { anchors: { positive: 7 }, level: { 'stride 8': 4, 'stride 16': 3 } },
  };

  it('is read where the total is the weighted sum of its terms, and refused where it is not', () => {
    expect(assertRecord(record, 'r.json')).toBe(record);
    refused({ ...record, loss: { ...record.loss, total: 1 } }, /loss\.total: expected 2\.5, the weighted sum/);
    refused({ ...record, loss: { ...record.loss, box: -0.8 } }, /loss\.box: expected at least 0/);
    refused(
      { ...record, positives: { ...record.positives, anchors: { positive: 8 } } },
      /positives\.anchors\.positive: expected 7/,
    );
  });
});

describe('a matrix record', () => {
  const first = {
    model: 'a',
    backend: 'x',
    scale: 'long:320',
    values: { 'ap.hard': 0.25 },
    interval: { 'ap.hard': [0.2, 0.3] },
  };
  // 0.75 - 0.25 = 0.5
  const second = { ...first, scale: 'original', values: { 'ap.hard': 0.75 }, interval: { 'ap.hard': [0.7, 0.8] } };
  const difference = { 'ap.hard': { value: 0.5, interval: [0.4, 0.6] } };
  const failed = { model: 'b', backend: 'x', scale: 'original', error: 'does not load' };
  const matrixOf = (...matrix: object[]) => ({ ...bare, kind: 'matrix', matrix });

  it('is read where each combination has numbers or an error, and differences follow from the numbers', () => {
    const record = matrixOf(first, { ...second, difference }, failed);
    expect(assertRecord(record, 'r.json')).toBe(record);
  });

  it('is refused where they do not', () => {
    refused(
      matrixOf(first, { ...second, difference: { 'ap.hard': { value: 0.4 } } }),
      /difference\.ap\.hard\.value: expected 0\.5, from the two numbers/,
    );
    refused(
      matrixOf(first, { ...second, difference: { 'ap.hard': { value: 0.5, interval: [0.6, 0.7] } } }),
      /an interval that holds its value, 0\.5/,
    );
    refused(matrixOf({ ...first, difference }), /matrix\[0\]: expected no difference to itself/);
    refused(matrixOf(first, first), /matrix\[1\]: expected each combination once/);
    refused(matrixOf({ ...first, error: 'no' }), /matrix\[0\]: expected values or an error, got values and an error/);
    refused(
      matrixOf({ ...first, interval: { 'ap.hard': [0.3, 0.4] } }),
      /interval\.ap\.hard: expected an interval that holds its value/,
    );
    refused(matrixOf(), /matrix/);
  });
});
