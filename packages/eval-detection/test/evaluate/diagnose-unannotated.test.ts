import { describe, expect, it } from 'vitest';
import { diagnoseUnannotated } from '../../src/evaluate/diagnose-unannotated.js';
import { defaultFaceSettings } from '../../src/faces/treatment.js';
import { annotationsOf, inOrder, predictionsOf } from '../support/synthetic.js';

/**
 * Four images with a face each, found at 0.9, and a false detection at 0.3; then images without a face, each with one detection
 * of the scores given. F1 at 0.9: 2 x 4 / (4 + 4) = 1; at 0.3: 8 / (4 + 8): the best threshold is 0.9.
 */
function find(...scores: readonly number[]): string[] {
  const found = ['a', 'b', 'c', 'd'];
  const blank = scores.map((score, index) => [`blank-${index}`, [[10, 10, 40, 40, score]]] as const);
  const annotations = annotationsOf({
    ...Object.fromEntries(found.map((name) => [name, [{ box: [10, 10, 40, 40] }]])),
    ...Object.fromEntries(blank.map(([name]) => [name, []])),
  });
  const right = [
    [10, 10, 40, 40, 0.9],
    [200, 10, 40, 40, 0.3],
  ];
  const predictions = predictionsOf({
    ...Object.fromEntries(found.map((name) => [name, right])),
    ...Object.fromEntries(blank),
  });
  return diagnoseUnannotated(annotations, inOrder(predictions), defaultFaceSettings).map(({ evidence }) => evidence);
}

describe('diagnoseUnannotated', () => {
  it('finds images without a face, most of which have detections as sure as the right ones', () => {
    expect(find(0.95, 0.9, 0.92, 0.2)).toEqual([
      expect.stringMatching(
        /^4 of 8 images have no annotated face, and 3 of them \(75\.0 %\).* at least 0\.900.*blank-0$/,
      ),
    ]);
  });

  it('names one or two images where the detector is surer than of half of the faces that it finds', () => {
    // The median of the four right detections is 0.9.
    expect(find(0.95, 0.9)).toEqual([expect.stringMatching(/2 of them \(100\.0 %\).*median.*, blank-0, blank-1$/)]);
    expect(find(0.95)).toEqual([expect.stringMatching(/^1 of 5 .*, blank-0$/)]);
    expect(find(0.89, 0.3)).toEqual([]);
  });

  it('says nothing of images without faces where the detector is not sure or errs on half', () => {
    expect(find(0.3, 0.3, 0.3, 0.89)).toEqual([]);
    expect(find(0.95, 0.95, 0.95, 0.1, 0.1, 0.1)).toEqual([]);
    expect(find()).toEqual([]);
  });
});
