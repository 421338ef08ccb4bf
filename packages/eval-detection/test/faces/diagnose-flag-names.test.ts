import type { AttributeColumn } from '@retinabench/annotations';
import { expect, it } from 'vitest';
import { diagnoseAnnotations } from '../../src/faces/diagnose-annotations.js';
import { annotationsOf } from '../support/synthetic.js';

const numbers = (...values: number[]): AttributeColumn => ({ kind: 'number', values: Float64Array.from(values) });
const words = (...values: (string | undefined)[]): AttributeColumn => ({ kind: 'word', values });

/** Three faces, of which the last is ignored already. */
function find(attributes: Readonly<Record<string, AttributeColumn>>): (readonly [code: string, text: string])[] {
  const annotations = annotationsOf(
    { 'a.jpg': [{ box: [0, 0, 20, 20] }, { box: [50, 0, 20, 20] }, { box: [100, 0, 20, 20], ignored: true }] },
    attributes,
  );
  return diagnoseAnnotations(annotations).map(({ code, evidence, fix }) => [code, `${evidence}; ${fix}`] as const);
}

it.each([
  ['ignore', numbers(1, 0, 1), /^1 annotated faces have the attribute "ignore".* as ignore,/],
  ['ignored', words('true', 'true', undefined), /^2 annotated faces .* as ignore,/],
  ['is_crowd', numbers(Number.NaN, 1, Number.NaN), /^1 annotated faces .* as iscrowd,/],
  ['isCrowd', words('false', 'True', 'false'), /^1 annotated faces .* as iscrowd,/],
  ['Is Difficult', words('1', '0', '0'), /^1 annotated faces .* as difficult,/],
])('an attribute %s that is set is said not to be read as a flag', (name, column, text) => {
  expect(find({ [name]: column })).toEqual([['flags-not-read', expect.stringMatching(text)]]);
});

it('nothing is said of flags that are not set, of faces that are flagged already, and of other attributes', () => {
  expect(find({ ignore: numbers(0, 0, 1), is_crowd: words('false', 'false', undefined) })).toEqual([]);
  expect(find({ occluded: numbers(1, 1, 1), mask: words('true', 'true', 'true') })).toEqual([]);
});
