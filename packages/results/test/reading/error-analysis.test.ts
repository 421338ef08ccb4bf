import { describe, expect, it } from 'vitest';
import { assertRecord } from '../../src/reading/parse.js';
import type { CalibrationAnalysis, OperatingTable, TideAnalysis } from '../../src/record/error-analysis.js';
import { protocolId } from '../../src/record/protocol-id.js';
import type { ResultRecord } from '../../src/record/record.js';

const counts = {
  ...{ hits: 6, localisation: 2, both: 0, duplicate: 1, background: 3, missed: 1 },
  ...{ ignored: 1, falsePositives: 6, falseNegatives: 4 },
};
const tide: TideAnalysis = {
  ...{ rule: 'clean', foreground: 0.5, background: 0.1, counted: 'hard', faces: 10, ap: 0.6, counts },
  lost: {
    ...{ localisation: 0.1, both: 0, duplicate: 0, background: 0.05 },
    ...{ missed: 0.08, falsePositive: 0.12, falseNegative: 0.3 },
  },
};
// Two bins: gaps 0.1 and 0.2 by 4 and 6 detections: ECE 0.16, MCE 0.2, precision (4 0.1 + 6 0.7) / 10, mean score (4 0.2 + 6 0.9) / 10.
const calibration: CalibrationAnalysis = {
  ...{ matching: 'wider-python', binning: 'equal-width', detections: 10, ece: 0.16, mce: 0.2, brier: 0.1 },
  ...{ precision: 0.46, meanScore: 0.62 },
  bins: [
    { low: 0, high: 0.5, count: 4, meanScore: 0.2, precision: 0.1 },
    { low: 0.5, high: 1, count: 6, meanScore: 0.9, precision: 0.7 },
  ],
};
const operating: OperatingTable = {
  ...{ matching: 'wider-python', images: 4, faces: 10 },
  points: [
    {
      ...{ wanted: 'precision=0.75', score: 0.5, truePositives: 6, falsePositives: 2 },
      ...{ precision: 0.75, recall: 0.6, f1: 12 / 18, fppi: 0.5 },
      interval: { precision: [0.5, 0.9] },
    },
  ],
};

/** What the record contradicts, or nothing. */
function contradiction(
  parts: Partial<Pick<ResultRecord, 'tide' | 'calibration' | 'operating' | 'metrics' | 'detection'>>,
): string {
  try {
    assertRecord(
      {
        schemaVersion: 1,
        kind: 'wider',
        createdAt: '2026-01-02T03:04:05.000Z',
        protocol: { id: protocolId({}) },
        environment: { cpu: 'c', cores: 1, memoryBytes: 1, os: 'o', node: 'n', packageVersions: {} },
        ...parts,
      },
      'record.json',
    );
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a record with errors, calibration and operating points', () => {
  it('is read where its numbers follow from each other', () => {
    expect(contradiction({ tide, calibration, operating, metrics: { 'coco.ap50.hard': 0.6 } })).toBe('');
  });

  it.each([
    ['tide.counts.falsePositives', { counts: { ...counts, falsePositives: 7 } }],
    ['tide.counts.falseNegatives', { counts: { ...counts, hits: 7 } }],
    ['tide.counts.missed', { counts: { ...counts, missed: 5 } }],
    ['tide.lost.localisation', { lost: { ...tide.lost, localisation: 0.5 } }],
    ['tide.ap', { ap: 0.5 }],
    ['tide.groups.blur', { groups: { blur: { heavy: { faces: 11, counts, lost: {} } } } }],
  ])('is refused where %s was changed', (place, change) => {
    expect(contradiction({ tide: { ...tide, ...change }, metrics: { 'coco.ap50.hard': 0.6 } })).toContain(place);
  });

  it('may count ignored detections as errors by the rule of tidecv', () => {
    expect(contradiction({ tide: { ...tide, rule: 'tidecv', counts: { ...counts, background: 4 } } })).toBe('');
  });

  it.each([
    ['calibration.detections', { detections: 11 }],
    ['calibration.ece', { ece: 0.1 }],
    ['calibration.mce', { mce: 0.1 }],
    ['calibration.precision', { precision: 0.5 }],
    ['calibration.meanScore', { meanScore: 0.5 }],
    ['calibration.interval.ece', { interval: { ece: [0.2, 0.3], mce: [0, 1], brier: [0, 1] } as const }],
  ])('is refused where %s was changed', (place, change) => {
    expect(contradiction({ calibration: { ...calibration, ...change } })).toContain(place);
  });

  it.each([
    ['operating.points.0.precision', { precision: 0.8 }],
    ['operating.points.0.recall', { recall: 0.7 }],
    ['operating.points.0.f1', { f1: 0.7 }],
    ['operating.points.0.fppi', { fppi: 1 }],
    ['operating.points.0.truePositives', { truePositives: 12 }],
    ['operating.points.0.interval.precision', { interval: { precision: [0.8, 0.9] } as const }],
  ])('is refused where %s was changed', (place, change) => {
    const [point] = operating.points;
    expect(contradiction({ operating: { ...operating, points: [{ ...point, ...change }] } })).toContain(place);
  });
});
