import { expect, test } from 'vitest';
import { faceSums } from '../../src/wider/face-sums.js';

const faces = {
  boxesXywh: Float64Array.of(10, 20, 30, 40, 1.5, 0, 8, 9),
  counted: { easy: Uint8Array.of(1, 0), medium: Uint8Array.of(1, 0), hard: Uint8Array.of(1, 1) },
};

test('sums are those of the hashes that mmh3 makes', () => {
  // Python: mmh3.hash(struct.pack('<4d', *box)), then with struct.pack('<I', 7) and ('<I', 4) behind it.
  expect(faceSums(faces, 0, 1)).toEqual({ boxes: 242857670, splits: 2530529224 });
  expect(faceSums(faces, 1, 2)).toEqual({ boxes: 1721184563, splits: 549332991 });
  expect(faceSums(faces, 0, 2)).toEqual({ boxes: 242857670 + 1721184563, splits: 2530529224 + 549332991 });
});

test('the order of faces does not matter, and an image without faces has none', () => {
  const turned = {
    boxesXywh: Float64Array.of(1.5, 0, 8, 9, 10, 20, 30, 40),
    counted: { easy: Uint8Array.of(0, 1), medium: Uint8Array.of(0, 1), hard: Uint8Array.of(1, 1) },
  };
  expect(faceSums(turned, 0, 2)).toEqual(faceSums(faces, 0, 2));
  expect(faceSums(faces, 1, 1)).toEqual({ boxes: 0, splits: 0 });
});
