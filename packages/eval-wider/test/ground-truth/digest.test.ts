import { createHash } from 'node:crypto';
import { filesDigest } from '@retinabench/files';
import { expect, test } from 'vitest';
import { groundTruthDigest } from '../../src/ground-truth/digest.js';
import { datasetHashes } from '../../src/index.js';
import { buildGroundTruth } from '../build-ground-truth.js';

const labels = { blur: 0, expression: 0, illumination: 0, occlusion: 1, pose: 0, invalid: 0 };
const face = { box: [1, 2, 30, 40], labels, splits: ['easy', 'hard'] as const };
const eyes = [1, 2, 3, 4, 5].map((at) => [at, at + 0.5]);
const base = [
  { name: 'b/2', faces: [face] },
  { name: 'a/1', faces: [] },
];
const digestOf = (annotated: Parameters<typeof buildGroundTruth>[0]): string =>
  groundTruthDigest(buildGroundTruth(annotated, 'test'));
const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

test('groundTruthDigest is the SHA-256 of names, numbers of faces, boxes, labels and splits, sorted by name', () => {
  const doubles = Buffer.alloc(8 * 14);
  [1, 2, 30, 40, ...Array<number>(10).fill(-1)].forEach((value, at) => {
    doubles.writeDoubleLE(value, 8 * at);
  });
  // Labels: blur expression illumination occlusion pose invalid; splits: easy medium hard.
  const bytes = Buffer.from([0, 0, 0, 1, 0, 0, 1, 0, 1]);
  expect(digestOf(base)).toBe(sha256(Buffer.concat([Buffer.from('a/1 0\nb/2 1\n'), doubles, bytes])));
  expect(digestOf([base[1], base[0]])).toBe(digestOf(base));
});

test('groundTruthDigest is the same where no face has landmarks and where each has -1 for them', () => {
  // More faces than are hashed at once.
  const faces = Array.from({ length: 2500 }, (_, at) => ({ ...face, box: [at, 2, 30, 40] }));
  const without = buildGroundTruth([{ name: 'c/3', faces }, ...base], 'test');
  expect(without.landmarks.length).toBe(0);
  const filled = { ...without, landmarks: new Float64Array(10 * 2501).fill(-1) };
  expect(groundTruthDigest(without)).toBe(groundTruthDigest(filled));
});

test.each([
  ['a box that moves by a pixel', { ...face, box: [2, 2, 30, 40] }],
  ['a label', { ...face, labels: { ...labels, invalid: 1 } }],
  ['a split', { ...face, splits: ['hard'] as const }],
  ['landmarks', { ...face, landmarks: eyes }],
])('groundTruthDigest changes with %s', (_, changed) => {
  expect(digestOf([{ name: 'b/2', faces: [changed] }, base[1]])).not.toBe(digestOf(base));
});

test('datasetHashes tells annotations and images apart, and has no images where none was read', () => {
  const truth = buildGroundTruth(base, 'test');
  const [one, two] = ['1', '2'].map((digit) => digit.repeat(64));
  const hashes = datasetHashes(
    truth,
    new Map([
      ['a/1', one],
      ['b/2', two],
      ['c/3', two],
    ]),
  );
  expect(hashes.imagesSha256).toBe(sha256(`a/1 ${one}\nb/2 ${two}\n`));
  expect(hashes.sha256).toBe(sha256(`ground truth ${digestOf(base)}\nimages ${hashes.imagesSha256}\n`));
  expect(datasetHashes(truth)).toEqual({ sha256: digestOf(base), groundTruthSha256: digestOf(base) });
  expect(
    filesDigest([
      ['b/2', two],
      ['a/1', one],
    ]),
  ).toBe(hashes.imagesSha256);
});
