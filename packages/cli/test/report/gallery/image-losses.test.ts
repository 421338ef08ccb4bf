import type { ResultRecord } from '@retinabench/results';
import { describe, expect, it } from 'vitest';
import { worseImages } from '../../../src/gate/worse-images.js';
import { imageLosses } from '../../../src/report/gallery/image-losses.js';
import { gateRecord } from '../../gate/gate-record.js';

const names = ['a.jpg', 'b.jpg', 'c.jpg'];

/** A detection record of three images with two, no and one counted face. */
function detectionRecord(
  values: Readonly<Record<string, number>>,
  perImage: readonly number[],
  digests: readonly string[] = ['00000001', '00000002', '00000003'],
): ResultRecord {
  const column = { faces: 'all', perMissedFace: -0.1, perPerfectFace: 0.2, perImage };
  const influence = Object.fromEntries(Object.keys(values).map((name) => [name, column]));
  return {
    ...gateRecord(0.5),
    kind: 'detection',
    detection: { values, images: { names, faces: { all: [2, 0, 1] }, digests, influence } },
  } as unknown as ResultRecord;
}

describe('imageLosses(record, split)', () => {
  it('is what a perfect image would add less what the image adds, at most what is left to gain', () => {
    // a: 2 x 0.2 - 0.1 = 0.3; b, without faces: 0 - (-0.05) = 0.05; c: 1 x 0.2 - 0.2 = 0.
    const { number, lost } = imageLosses(detectionRecord({ ap50: 0.5, ap: 0.3 }, [0.1, -0.05, 0.2]), 'hard');
    expect(number).toBe('AP50');
    expect([...lost.keys()]).toEqual(names);
    for (const [index, expected] of [0.3, 0.05, 0].entries()) expect(lost.get(names[index])).toBeCloseTo(expected, 12);
    // Of AP50 0.9 only 0.1 is left.
    const near = imageLosses(detectionRecord({ ap50: 0.9 }, [0.1, -0.05, 0.2]), 'hard').lost;
    expect(near.get('a.jpg')).toBeCloseTo(0.1, 12);
  });

  it('takes the number that the record has, and says none where it keeps no influences', () => {
    expect(imageLosses(detectionRecord({ f1: 0.5 }, [0, 0, 0]), 'hard').number).toBe('F1');
    expect(imageLosses({ ...gateRecord(0.5), kind: 'detection' } as unknown as ResultRecord, 'hard').lost.size).toBe(0);
  });
});

describe('worseImages(baseline, record, split, place)', () => {
  it('leaves out images whose detections are as they were, whatever the others made of what they lose', () => {
    const before = detectionRecord({ ap50: 0.5 }, [0.1, -0.05, 0.2]);
    // a: 0.4 - 0.05 = 0.35, 0.05 worse, b: 0.15, 0.1 worse; c: 0.1, 0.1 worse, but of the same digest.
    const after = detectionRecord({ ap50: 0.4 }, [0.05, -0.15, 0.1], ['00000011', '00000012', '00000003']);
    expect(worseImages(before, after, 'hard', 'head.json').names).toEqual(['b.jpg', 'a.jpg']);
  });

  it('refuses records that do not say what their images cost', () => {
    const before = detectionRecord({ ap50: 0.5 }, [0.1, -0.05, 0.2]);
    const { detection: _, ...without } = before;
    expect(() => worseImages(without as ResultRecord, before, 'hard', 'head.json')).toThrow(
      /^head\.json: expected AP50 lost per image in both records/,
    );
  });
});
