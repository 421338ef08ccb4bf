import { DatasetError } from '@retinabench/core';
import { expect, test } from 'vitest';
import type { Annotations } from '../../src/set/annotations.js';
import { AnnotationsBuilder } from '../../src/set/annotations-builder.js';
import { matchImages } from '../../src/set/match-images.js';
import type { Predictions } from '../../src/set/predictions.js';
import { PredictionsBuilder } from '../../src/set/predictions-builder.js';

const rules = { negativeSizes: 'refuse', keepFlag: '--keep' } as const;

function annotated(names: readonly string[], ids?: readonly (number | string)[]): Annotations {
  const builder = new AnnotationsBuilder('gt', rules);
  names.forEach((name, image) => {
    builder.addImage(name, 'gt', [0, 0], ids?.[image]);
  });
  return builder.build();
}

function predicted(names: readonly string[], namedBy?: 'id'): Predictions {
  const builder = new PredictionsBuilder(rules);
  for (const name of names) builder.image(name, 'pred');
  return builder.build(namedBy);
}

test.each([
  ['path', ['a/1.jpg', 'a/2.jpg'], ['a/2.jpg', 'a/1.jpg']],
  ['stem', ['a/1.jpg', 'a/2.jpg'], ['a/2', 'a/1']],
  ['stem', ['a/1.jpg', 'a/2.jpg'], ['a/2.png', 'a/1.png']],
  ['joined', ['a/1.jpg', 'a/2.jpg'], ['a__2', 'a__1.jpg']],
  ['basename', ['a/1.jpg', 'b/2.jpg'], ['2.jpg', 'elsewhere/1.jpg']],
])('images meet by %s: %j and %j', (rule, images, names) => {
  const match = matchImages(annotated(images), predicted(names));
  expect(match.rule).toBe(rule);
  expect([...match.predictionOf]).toEqual([1, 0]);
  expect(match.missing).toEqual([]);
  expect(match.unknown).toEqual([]);
});

test('images meet by ids where predictions name ids', () => {
  const match = matchImages(annotated(['a.jpg', 'b.jpg', 'c.jpg'], [7, 3, 5]), predicted(['3', '7'], 'id'));
  expect(match).toEqual({
    rule: 'id',
    predictionOf: Int32Array.of(1, 0, -1),
    missing: ['c.jpg'],
    unknown: [],
  });
});

test('composed and decomposed characters are one name', () => {
  const match = matchImages(annotated(['caf\u00e9.jpg']), predicted(['cafe\u0301.jpg']));
  expect(match.rule).toBe('path');
  expect(match.unknown).toEqual([]);
});

test('missing and unknown images are named', () => {
  const match = matchImages(annotated(['a/1.jpg', 'a/2.jpg', 'a/3.jpg']), predicted(['a/3.jpg', 'a/9.jpg']));
  expect(match.missing).toEqual(['a/1.jpg', 'a/2.jpg']);
  expect(match.unknown).toEqual(['a/9.jpg']);
});

test('a name that several images have is refused, and both are named', () => {
  expect(() => matchImages(annotated(['a/1.jpg', 'b/1.jpg']), predicted(['1.jpg']))).toThrow(
    /"1.jpg": .*"a\/1.jpg" and "b\/1.jpg"/,
  );
});

test('two names for one image are refused, and both are named', () => {
  expect(() => matchImages(annotated(['a/1.jpg', 'a/2.jpg']), predicted(['x/1.jpg', 'y/1.jpg']))).toThrow(
    /"a\/1.jpg": .*"x\/1.jpg" and "y\/1.jpg"/,
  );
});

test('predictions of other images are refused', () => {
  expect(() => matchImages(annotated(['a/1.jpg']), predicted(['b/2.jpg']))).toThrow(DatasetError);
  expect(() => matchImages(annotated(['a/1.jpg'], [1]), predicted(['2'], 'id'))).toThrow(/image ids as "2"/);
});

test('no predictions at all leave every image without', () => {
  expect(matchImages(annotated(['a.jpg']), predicted([])).missing).toEqual(['a.jpg']);
});
