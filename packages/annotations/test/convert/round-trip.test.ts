import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeAnnotations } from '../../src/convert/write-annotations.js';
import { writeSet } from '../../src/convert/write-set.js';
import { loadAnnotations } from '../../src/load/load-annotations.js';
import { noSizes, sizesOfAnnotations } from '../../src/reading/image-sizes.js';
import { type AnnotationFormat, annotationFormats } from '../../src/reading/reading.js';
import type { Annotations } from '../../src/set/annotations.js';
import { both, comparable, heldBy } from './comparable.js';
import { randomAnnotations } from './random-annotations.js';

let folder = '';
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-convert-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Write annotations in a form and read them, recognised by their content. */
async function through(annotations: Annotations, format: AnnotationFormat, sizes = noSizes): Promise<Annotations> {
  const target = path.join(folder, String(++count));
  await writeSet(writeAnnotations(annotations, format, sizes), target);
  try {
    // Seeded boxes may all be tiny, which has to be said.
    const loaded = loadAnnotations(target, { units: 'pixels' });
    expect(loaded.format).toBe(format);
    return loaded.annotations;
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

/** Of YOLO: parts of an image of at most 3,000 pixels in doubles, of boxes up to 3,000 pixels away. */
const yoloTolerancePx = 1e-10;

/** All numbers of a value, in order. */
function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersOf) : [];
}

function expectEqual(actual: unknown, expected: unknown, tolerance: number): void {
  if (tolerance === 0) {
    expect(actual).toEqual(expected);
    return;
  }
  const words = (value: unknown): string =>
    JSON.stringify(value, (_, item: unknown) => (typeof item === 'number' ? 0 : item));
  expect(words(actual)).toBe(words(expected));
  const wanted = numbersOf(expected);
  numbersOf(actual).forEach((value, at) => {
    if (Number.isNaN(wanted[at])) expect(value).toBeNaN();
    else expect(Math.abs(value - wanted[at])).toBeLessThan(tolerance);
  });
}

describe.each(annotationFormats)('annotations written as %s', (first) => {
  test.each(annotationFormats)(
    'and then as %s keep what both hold, to the last digit of decimal forms',
    async (second) => {
      const seed = 1000 + 10 * annotationFormats.indexOf(first) + annotationFormats.indexOf(second);
      await fc.assert(
        fc.asyncProperty(randomAnnotations, async (annotations) => {
          const once = await through(annotations, first);
          const twice = await through(once, second, sizesOfAnnotations(annotations));
          const zeroBlur = first === 'wider' || second === 'wider';
          const tolerance = first === 'yolo' || second === 'yolo' ? yoloTolerancePx : 0;
          const held = both(heldBy[first], heldBy[second]);
          expectEqual(comparable(twice, held, zeroBlur), comparable(annotations, held, zeroBlur), tolerance);
        }),
        { seed, numRuns: 10 },
      );
    },
  );
});

test.each(annotationFormats)('what %s cannot hold is counted', (format) => {
  fc.assert(
    fc.property(randomAnnotations, (annotations) => {
      const held = heldBy[format];
      const { losses } = writeAnnotations(annotations, format, noSizes);
      const counts = new Map(losses.map(({ what, count: number }) => [what, number]));
      const ones = (flags: Uint8Array, isHeld: boolean): number | undefined =>
        isHeld ? undefined : flags.filter((flag) => flag === 1).length || undefined;
      expect(counts.get('crowd flags')).toBe(ones(annotations.crowd, held.crowd));
      expect(counts.get('ignore flags')).toBe(ones(annotations.ignored, held.ignored));
      expect(counts.get('difficult flags')).toBe(ones(annotations.difficult, held.difficult));
      expect(counts.has('sizes of images')).toBe(!held.sizes);
      const who = annotations.attributes.get('who')?.values.filter((value) => value !== undefined).length ?? 0;
      const attributes: readonly string[] = held.attributes;
      expect(counts.get('values of the attribute "who"')).toBe(
        attributes.includes('who') || who === 0 ? undefined : who,
      );
    }),
    { seed: 7, numRuns: 50 },
  );
});
