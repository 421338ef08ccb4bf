import { expect, test } from 'vitest';
import { readCheckpoint } from '../../src/checkpoint/read.js';
import { archive, ascii, whole } from './zip-file.js';

test('readCheckpoint reads the ZIP format, a wrapped state_dict and half precision, and drops the prefix module.', () => {
  expect([...readCheckpoint(archive(whole), 'net.pth')]).toEqual([
    ['w', { dims: [2], values: Float32Array.of(1, -2) }],
  ]);
});

test('readCheckpoint names a tensor whose storage is missing or short', () => {
  expect(() => readCheckpoint(archive(whole.slice(0, 2)), 'net.pth')).toThrow(
    /net\.pth: tensor w: expected 4 bytes in storage 0, got 0/,
  );
});

test('readCheckpoint refuses compressed members, big-endian files and archives that are no checkpoint', () => {
  const compressed = whole.map((member) => ({ ...member, method: 8 }));
  expect(() => readCheckpoint(archive(compressed), 'net.pth')).toThrow(/data\.pkl is compressed/);
  const big = whole.map((member) => (member.name === 'net/byteorder' ? { ...member, data: ascii('big') } : member));
  expect(() => readCheckpoint(archive(big), 'net.pth')).toThrow(/big-endian/);
  expect(() => readCheckpoint(archive([{ name: 'a.txt', data: [1] }]), 'a.zip')).toThrow(/without data\.pkl/);
});
