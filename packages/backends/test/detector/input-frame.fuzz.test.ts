import { DatasetError } from '@retinabench/core';
import type { CardInput } from '@retinabench/models';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { frameFor } from '../../src/detector/input-frame.js';
import { parseScaleRule, passesOf } from '../../src/detector/scale-rule.js';

const side = fc.oneof(fc.integer({ min: 1, max: 4000 }), fc.constantFrom(1, 2, 16_384, 65_535, 200_000_000));
const cardSide = fc.oneof(fc.integer({ min: 1, max: 1024 }), fc.constantFrom(1, 65_536));
const sampling = fc.record({
  sampling: fc.constantFrom('factor' as const, 'whole-pixels' as const),
  rounding: fc.constantFrom('half-even' as const, 'half-up' as const, 'floor' as const),
});
const sizes: fc.Arbitrary<CardInput['size']> = fc.oneof(
  sampling.map((how) => ({ rule: 'any' as const, ...how })),
  fc
    .tuple(cardSide, fc.constantFrom('pad', 'pad-centre', 'stretch'), sampling)
    .map(([of, fit, how]) => ({ rule: 'multiple' as const, of, fit, padValue: 0, ...how })),
  fc
    .tuple(cardSide, cardSide, fc.constantFrom('stretch', 'letterbox', 'letterbox-centre'), fc.boolean(), sampling)
    .map(([widthPx, heightPx, fit, enlarge, how]) => ({
      ...{ rule: 'fixed' as const, widthPx, heightPx, fit, enlarge, padValue: 0 },
      ...how,
    })),
);
const rules = fc.constantFrom('original', 'original:640', 'long:16384', 'vga', 'short:1600,2150', 'pyramid');

describe('the network input of any image', () => {
  test('is of at least one and at most 2^26 pixels and holds the whole image, or is refused', async () => {
    await fuzzParser({
      name: 'image sides, cards and scale rules',
      inputs: fc.record({ size: sizes, rule: rules, widthPx: side, heightPx: side }),
      parse: ({ size, rule, widthPx, heightPx }) => {
        for (const pass of passesOf(parseScaleRule(rule), widthPx, heightPx)) {
          const frame = frameFor(size, pass, widthPx, heightPx);
          expect(frame.inputWidthPx * frame.inputHeightPx).toBeLessThanOrEqual(2 ** 26);
          expect(frame.widthPx).toBeGreaterThanOrEqual(1);
          expect(frame.heightPx).toBeGreaterThanOrEqual(1);
          expect(frame.offsetXPx + frame.widthPx).toBeLessThanOrEqual(frame.inputWidthPx);
          expect(frame.offsetYPx + frame.heightPx).toBeLessThanOrEqual(frame.inputHeightPx);
        }
      },
      errors: [DatasetError],
      place: 'an image of ',
      seed: 507,
      runs: fuzzRuns(),
      sizeOf: () => 1024,
    });
  });

  test('a strip of 1 x 20,000 pixels is refused at the scales of the pyramid, and not at its own', () => {
    const [first] = passesOf(parseScaleRule('pyramid'), 1, 20_000);
    expect(() => frameFor({ rule: 'any' }, first, 1, 20_000)).toThrow(
      /an image of 1 x 20000 pixels: expected a network input of at most 67108864 pixels, got 500 x 10000000; choose/,
    );
    expect(frameFor({ rule: 'any' }, { scale: 1, mirror: false }, 1, 20_000)).toMatchObject({ inputHeightPx: 20_000 });
  });
});
