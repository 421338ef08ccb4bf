import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { seededRandom, sha256Hex } from '../../src/index.js';

describe('sha256Hex', () => {
  test('gives the digests of FIPS 180-4', () => {
    const hash = (text: string): string => sha256Hex(new TextEncoder().encode(text));
    expect(hash('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(hash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(hash('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')).toBe(
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    );
  });

  test('equals node:crypto for every length around the block boundaries', () => {
    const random = seededRandom(8);
    for (const length of [...Array(200).keys(), 1000, 65_537]) {
      const bytes = Uint8Array.from({ length }, () => random() * 256);
      expect(sha256Hex(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });

  test('reads only the bytes of a view', () => {
    const bytes = Uint8Array.from([1, 2, 3, 4, 5]);
    expect(sha256Hex(bytes.subarray(1, 3))).toBe(sha256Hex(Uint8Array.from([2, 3])));
  });
});
