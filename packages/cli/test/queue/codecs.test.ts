import { DatasetError } from '@retinabench/core';
import { expect, test } from 'vitest';
import { detectionCodec } from '../../src/queue/detection-codec.js';
import { extractionCodec, packFace } from '../../src/queue/extraction-codec.js';

const reading = { sha256: 'a'.repeat(64) };
const by = { worker: 'w', differs: ['cpu: arm64 here, x64 asked for'] };

test('an answer of detections is refused where a number is no float32, or a score is none', () => {
  const task = { image: 'a.jpg', file: '/images/a.jpg' };
  const answer = (detections: readonly number[], more: object = {}) => [
    { reading, answer: { image: 'a.jpg', widthPx: 9, heightPx: 9, detections, ...more } },
  ];
  const good = [1, 2, 3, 4, 0.5];
  expect(detectionCodec.resultOf(task, answer(good), by)).toMatchObject({ detected: {}, madeBy: by.differs });
  const bad = [
    // 1e39 is beyond the largest float32, 3.4e38.
    answer([1, 2, 1e39, 4, 0.5]),
    answer(good, { landmarks: [0, 0, 0, 0, 0, 0, 0, 0, 0, -1e39] }),
    answer([1, 2, 3, 4, 1.5]),
    answer([1, 2, 3, null as unknown as number, 0.5]),
    [{ reading, answer: { image: 'b.jpg', widthPx: 9, heightPx: 9, detections: good } }],
  ];
  for (const answers of bad) expect(() => detectionCodec.resultOf(task, answers, undefined)).toThrow(DatasetError);
});

test('an answer of features keeps every bit and who made it, and is refused where points are none', () => {
  const codec = extractionCodec('/images', false);
  const task = { images: [{ file: '/images/a.jpg' }] };
  // 0.1 has no exact float32, and -0 is not 0.
  const feature = Float32Array.of(0.1, -0, 3e38);
  const face = {
    points: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
    score: 0.9,
    source: 'detected' as const,
    feature,
  };
  const answer = packFace(face);
  expect(codec.resultOf(task, [{ reading, answer }], by)).toEqual([{ reading, madeBy: by.differs, face }]);
  const points = [...answer.points.slice(1), 1e39];
  expect(() => codec.resultOf(task, [{ reading, answer: { ...answer, points } }], undefined)).toThrow(
    /a\.jpg: expected points in pixels, got 1e\+39/,
  );
});
