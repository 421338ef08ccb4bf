import { DatasetError } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { assertRecord, type DetectionResult, pairedDetectionDifference, type ResultRecord } from '../../src/index.js';
import { validRecord } from '../support/valid-record.js';

/*
 * Image a has 2 faces: one found at score 0.9, a false positive at 0.7. Image b has 2 faces, one found at 0.8. Precision is 1, 1,
 * 2/3 at recall 1/4, 2/4, 2/4: the area under the envelope is 0.5. What each image finds: the envelope at its face, 1, plus
 * the slope by recall, 2 steps / 2 proposals, less the slope by precision, the same: 1 of 4 faces, 0.25. Its influence is
 * 0.25 less 2 faces x 0.5 / 4: nothing. A face that is found first adds (1 + 1 - 1) / 4 - 0.125.
 */
const column = { faces: 'all', perMissedFace: -0.125, perPerfectFace: 0.125, perImage: [0, 0] };
const detection: DetectionResult = {
  values: { ap: 0.5, 'voc.allPoint': 0.5, f1: 4 / 7 },
  interval: { ap: [0.3, 0.7] },
  // Three detections, two of them right, of four faces: F1 = 2 x 2 / (3 + 4).
  points: {
    bestF1: { score: 0.7, precision: 2 / 3, recall: 0.5, f1: 4 / 7, fppi: 0.5, truePositives: 2, falsePositives: 1 },
  },
  missRateCurve: { fppi: [0, 0.5], missRate: [0.5, 0.5] },
  faces: { counted: 4, ignored: 0, crowd: 0, dropped: 0, withoutArea: 0 },
  detections: 3,
  images: {
    names: ['a', 'b'],
    faces: { all: [2, 2] },
    digests: ['00000001', '00000002'],
    influence: { ap: { ...column, grid: { recall: [0.5], step: [1 / 101] } }, 'voc.allPoint': column },
  },
};

function recordOf(changed: Partial<DetectionResult> = {}): ResultRecord {
  const { schemaVersion, createdAt, environment, protocol } = validRecord;
  return {
    schemaVersion,
    kind: 'detection',
    createdAt,
    environment,
    protocol,
    dataset: { name: 'own', images: 2, sha256: '0'.repeat(64) },
    detection: { ...detection, ...changed },
  };
}

const images = detection.images as NonNullable<DetectionResult['images']>;

describe('a detection record', () => {
  it('is read where everything follows from the rest', () => {
    const record = recordOf();
    expect(assertRecord(record, 'r.json')).toBe(record);
  });

  it('is accepted with influences of thousands, as images of 100,000 false detections have, but for nine digits each', () => {
    // -20,000 / 3 and twice 10,000 / 3 add up to nothing; to nine digits, -6666.66667 + 2 x 3333.33333 = -1e-5.
    const record = (third: number): ResultRecord => ({
      ...recordOf({
        values: { 'voc.allPoint': 0.5 },
        interval: {},
        points: {},
        images: {
          names: ['a', 'b', 'c'],
          faces: { all: [2, 1, 1] },
          digests: ['00000001', '00000002', '00000003'],
          influence: { 'voc.allPoint': { ...column, perImage: [-6666.66667, 3333.33333, third] } },
        },
      }),
      dataset: { name: 'own', images: 3, sha256: '0'.repeat(64) },
    });
    expect(() => assertRecord(record(3333.33333), 'r.json')).not.toThrow();
    expect(() => assertRecord(record(3333.33433), 'r.json')).toThrow(/influence\.voc\.allPoint.*add up to/);
  });

  it.each<[string, Partial<DetectionResult>, RegExp]>([
    ['an edited AP', { values: { ...detection.values, ap: 0.6 } }, /influence\.ap.*0\.6, the number, to which/],
    ['an interval that leaves out its value', { interval: { ap: [0.6, 0.7] } }, /interval\.ap.*holds its value, 0\.5/],
    ['an interval without its value', { interval: { ap75: [0.1, 0.2] } }, /interval\.ap75.*no interval/],
    ['an edited F1', { values: { ...detection.values, f1: 0.9 } }, /values\.f1.*that of its point/],
    [
      'a point that does not follow from its counts',
      { points: { bestF1: { ...(detection.points?.bestF1 as never as object), precision: 0.9 } as never } },
      /points\.bestF1\.precision.*from its counts/,
    ],
    ['more hits than faces', { faces: { ...detection.faces, counted: 1 } }, /at most 1 faces/],
    ['a miss rate that rises', { missRateCurve: { fppi: [0, 0.5], missRate: [0.5, 0.6] } }, /missRateCurve/],
    ['an image too few', { images: { ...images, digests: ['00000001'] } }, /detection\.images.*2 values a column/],
    ['an image twice', { images: { ...images, names: ['a', 'a'] } }, /every image once/],
    ['other faces', { images: { ...images, faces: { all: [2, 1] } } }, /faces\.all.*counted faces/],
    [
      'influences that add up to something',
      { images: { ...images, influence: { ap: { ...column, perImage: [0.1, 0] } } } },
      /influence\.ap.*add up to/,
    ],
    [
      'a curve that ends nowhere',
      { images: { ...images, influence: { ap: { ...column, grid: { recall: [0.5], step: [] } } } } },
      /influence\.ap\.grid/,
    ],
    [
      'influences of a number that it lacks',
      { images: { ...images, influence: { ...images.influence, ap75: column } } },
      /influence\.ap75.*a value of ap75/,
    ],
  ])('is refused with %s', (_, changed, message) => {
    expect(() => assertRecord(recordOf(changed), 'r.json')).toThrow(DatasetError);
    expect(() => assertRecord(recordOf(changed), 'r.json')).toThrow(message);
  });
});

describe('pairedDetectionDifference', () => {
  const lower = (perImage: readonly number[], ap: number, recall: number): ResultRecord =>
    recordOf({
      values: { ...detection.values, ap },
      images: {
        ...images,
        digests: ['00000001', '00000003'],
        influence: { ap: { ...column, perImage, grid: { recall: [recall], step: [1 / 101] } } },
      },
    });

  it('is undefined for a number that has no influences', () => {
    expect(pairedDetectionDifference(recordOf(), recordOf(), 'f1')).toBeUndefined();
  });

  it('is nothing for the same record, with an interval that allows for images that were not drawn', () => {
    const same = pairedDetectionDifference(recordOf(), recordOf(), 'ap');
    expect([same?.difference, same?.differing]).toEqual([0, 0]);
    expect(same?.interval[0]).toBeLessThan(0);
  });

  it('counts the images that differ, and allows for a recall that may be passed', () => {
    const without = pairedDetectionDifference(recordOf(), lower([0.01, -0.01], 0.45, 0.5), 'ap');
    const passed = pairedDetectionDifference(recordOf(), lower([0.01, -0.01], 0.45, 0.495), 'ap');
    expect(without?.differing).toBe(1);
    expect(without?.difference).toBeCloseTo(-0.05, 12);
    // Half of a hundredth of recall less passes a recall every second time: a step of 1 / 101 either way, unless cut at -AP.
    const width = (of: typeof passed): number => (of?.unseen.loss ?? 0) * Math.log(20);
    expect(width(passed) - width(without)).toBeCloseTo(1 / 101, 12);
  });

  it('refuses records of other images or of other faces', () => {
    const other = recordOf({ images: { ...images, names: ['a', 'c'] } });
    expect(() => pairedDetectionDifference(recordOf(), other, 'ap')).toThrow(/image b is in the baseline and not/);
    const faces = recordOf({ images: { ...images, faces: { all: [3, 1] } } });
    expect(() => pairedDetectionDifference(recordOf(), faces, 'ap')).toThrow(/image a: expected 2 counted faces/);
  });
});
