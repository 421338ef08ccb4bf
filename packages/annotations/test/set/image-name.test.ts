import { DatasetError } from '@retinabench/core';
import { expect, test } from 'vitest';
import { imageName, withoutExtension } from '../../src/set/image-name.js';

test.each([
  ['a/b.jpg', 'a/b.jpg'],
  ['./a//b.jpg', 'a/b.jpg'],
  ['/data/a.jpg', 'data/a.jpg'],
  ['C:\\data\\a.jpg', 'data/a.jpg'],
  ['cafe\u0301.jpg', 'caf\u00e9.jpg'],
  ['a..b/..c.jpg', 'a..b/..c.jpg'],
  [' a.jpg', ' a.jpg'],
])('%j is the image %j', (text, name) => {
  expect(imageName(text, 'file:1')).toBe(name);
});

test.each(['', '.', '/', './', '..', '../a', 'a/../../b', 'a\\..\\b', 'a\0b', 'x'.repeat(5000)])(
  '%j is none',
  (text) => {
    expect(() => imageName(text, 'file:1')).toThrow(DatasetError);
    expect(() => imageName(text, 'file:1')).toThrow(/^file:1: /);
  },
);

test('only extensions of images are left out', () => {
  expect(['a.jpg', 'a.JPEG', 'a.v1', 'a.v1.png', 'a'].map(withoutExtension)).toEqual(['a', 'a', 'a.v1', 'a.v1', 'a']);
});
