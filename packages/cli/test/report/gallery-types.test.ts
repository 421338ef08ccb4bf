import { type groundTruthFromText, matchRun, scoringProtocol } from '@retinabench/eval-wider';
import { describe, expect, it } from 'vitest';
import { galleryBoxes } from '../../src/report/gallery/gallery-boxes.js';

/** One face at 0, 0; detections: it, it again, one on nothing. */
const groundTruth = {
  images: ['0--A/a'],
  start: Int32Array.of(0, 1),
  boxesXywh: Float64Array.of(0, 0, 20, 20),
  landmarks: new Float64Array(10).fill(-1),
  labels: Object.fromEntries(
    ['blur', 'expression', 'illumination', 'occlusion', 'pose', 'invalid'].map((label) => [label, new Uint8Array(1)]),
  ) as ReturnType<typeof groundTruthFromText>['labels'],
  counted: { easy: Uint8Array.of(1), medium: Uint8Array.of(1), hard: Uint8Array.of(1) },
};
const run = (scores: readonly number[]) =>
  matchRun(
    groundTruth,
    {
      images: ['0--A/a'],
      start: Int32Array.of(0, 3),
      boxesXywh: Float64Array.of(0, 0, 20, 20, 0, 0, 20, 20, 100, 100, 20, 20),
      scores: Float64Array.from(scores),
    },
    scoringProtocol('python', 'strict'),
  );
const errors = (scores: readonly number[], types?: string) =>
  galleryBoxes(run(scores), 0, groundTruth.counted.hard, 0, types).map(({ kind, error }) => error ?? kind);

describe('galleryBoxes', () => {
  it('tells false positives apart by the types of the record', () => {
    expect(errors([0.9, 0.8, 0.7], 'HDB')).toEqual(['hit', 'duplicate', 'background']);
    expect(errors([0.9, 0.8, 0.7])).toEqual(['hit', 'false positive', 'false positive']);
  });

  it('names no type where the record is not of these detections, or they are in another order', () => {
    expect(errors([0.9, 0.8, 0.7], 'HD')).toEqual(['hit', 'false positive', 'false positive']);
    expect(errors([0.7, 0.8, 0.9], 'HDB')).toEqual(['hit', 'false positive', 'false positive']);
  });
});
