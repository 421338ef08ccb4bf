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
});
