import { ProtocolError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { parseShard, takeShard } from '../../src/detection/shard.js';

describe('--shard', () => {
  test('n shards cover every item once', () => {
    const items = Array.from({ length: 11 }, (_, index) => index);
    const shards = [1, 2, 3].map((index) => takeShard(items, parseShard(`${index}/3`)));
    expect(shards.flat().sort((a, b) => a - b)).toEqual(items);
    expect(shards.map(({ length }) => length)).toEqual([4, 4, 3]);
  });

  test.each(['0/2', '3/2', '1', 'a/b', '1/0', '-1/2', '1/2/3'])('rejects %s', (text) => {
    expect(() => parseShard(text)).toThrow(ProtocolError);
  });
});
