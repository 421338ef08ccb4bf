import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPredictions } from '../../src/index.js';
import { temporaryFiles } from '../temporary-files.js';

describe('JSON lines as retinabench detect writes them', () => {
  const face = {
    boxXywh: [1, 2, 30, 40],
    score: 0.9,
    landmarks: [
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
      [9, 10],
    ],
  };
  const lines = [
    { image: 'a.jpg', widthPx: 90, heightPx: 80, model: 'm', backend: 'ort-node', scale: 'original', faces: [face] },
    { image: 'b.jpg', widthPx: 90, heightPx: 80, model: 'm', backend: 'ort-node', scale: 'original', faces: [] },
    {
      image: 'c.jpg',
      model: 'm',
      backend: 'ort-node',
      scale: 'original',
      error: { kind: 'input', message: 'no image' },
    },
  ];

  it('are faces with landmarks; an image without faces has none, one that failed is no image of the predictions', () => {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const file = path.join(temporaryFiles({ 'faces.jsonl': text }), 'faces.jsonl');
    const { predictions, format, notes } = loadPredictions(file);
    expect(format).toBe('json-lines');
    expect(predictions.images).toEqual(['a.jpg', 'b.jpg']);
    expect([...predictions.start]).toEqual([0, 1, 1]);
    expect([...predictions.boxesXywh]).toEqual([1, 2, 30, 40]);
    expect([...(predictions.landmarks?.points ?? [])]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(notes.join()).toMatch(/faces\.jsonl:3: c\.jpg failed and is taken as an image without predictions/);
  });

  const threePoints = (first: number): number[][] => [0, 1, 2].map((at) => [first + at, first + at]);
  const read = (...content: readonly object[]) => {
    const text = content.map((line) => `${JSON.stringify(line)}\n`).join('');
    return loadPredictions(path.join(temporaryFiles({ 'faces.jsonl': text }), 'faces.jsonl'));
  };
  const named = (image: string, points: number[][], pointNames: string[]) => ({
    image,
    pointNames,
    faces: [{ boxXywh: [1, 2, 30, 40], score: 0.9, points }],
  });

  it('points without landmarks are landmarks of their names, where all lines agree', () => {
    const names = ['left', 'right', 'chin'];
    const { predictions } = read(named('a.jpg', threePoints(1), names), named('b.jpg', threePoints(5), names));
    expect(predictions.landmarks?.names).toEqual(names);
    expect([...(predictions.landmarks?.points ?? [])]).toEqual([1, 1, 2, 2, 3, 3, 5, 5, 6, 6, 7, 7]);
    const mixed = read(
      named('a.jpg', threePoints(1), names),
      named('b.jpg', threePoints(5), ['left', 'right', 'nose']),
    );
    expect(mixed.predictions.landmarks).toBeUndefined();
    expect([...mixed.predictions.scores]).toEqual([0.9, 0.9]);
    expect(mixed.notes.join()).toMatch(/faces\.jsonl: points are not read/);
    expect(() => read(named('a.jpg', threePoints(1), ['left']))).toThrow(/faces\.jsonl:1.*pointNames.*3 names/);
  });

  it('landmarks stay the five where points stand beside them', () => {
    const { predictions } = read({ image: 'a.jpg', faces: [{ ...face, points: threePoints(1) }] });
    expect([...(predictions.landmarks?.points ?? [])]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});
