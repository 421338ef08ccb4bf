import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { evaluatedHashes } from '../../src/detection/evaluated-hashes.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const [one, two, three] = ['1', '2', '3'].map(sha256);
const failure = { message: 'not finite', exitCode: 3 } as const;

test('covers annotations and the bytes of all images evaluated, sorted by name, those that the model failed on among them', () => {
  const hashes = evaluatedHashes(['b.jpg', 'a.jpg', 'c.jpg'], 'annotated', {
    detected: [
      { image: 'b.jpg', sha256: one },
      { image: 'a.jpg', sha256: two },
    ],
    failed: [
      { image: 'c.jpg', kind: 'work', sha256: three, ...failure },
      { image: 'bad.jpg', kind: 'input', ...failure },
    ],
  });
  const imagesSha256 = sha256(`a.jpg ${two}\nb.jpg ${one}\nc.jpg ${three}\n`);
  expect(hashes).toEqual({
    sha256: sha256(`annotations annotated\nimages ${imagesSha256}\n`),
    groundTruthSha256: 'annotated',
    imagesSha256,
  });
});
