import fc from 'fast-check';
import type { Annotations } from '../../src/set/annotations.js';
import { AnnotationsBuilder, type AttributeValue } from '../../src/set/annotations-builder.js';

/** A coordinate: a whole number, a decimal or any double of its size, inside an image or beside it. */
const coordinate = fc.oneof(
  fc.integer({ min: -50, max: 2000 }),
  fc.integer({ min: -500_000, max: 20_000_000 }).map((value) => value / 10_000),
  fc.double({ min: -50, max: 2000, noNaN: true }).map((value) => value + 0),
);
const side = fc.oneof(
  fc.integer({ min: 0, max: 900 }),
  fc.integer({ min: 0, max: 9_000_000 }).map((value) => value / 10_000),
  fc.double({ min: 0, max: 900, noNaN: true }).map((value) => value + 0),
);
const part = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 ,&<"'()é-]{0,6}[A-Za-z0-9]$/);
const name = fc
  .tuple(fc.array(part, { maxLength: 2 }), part, fc.constantFrom('.jpg', '.PNG', '.webp', ''))
  .map(([folders, base, extension]) => `${[...folders, base].join('/')}${extension}`.normalize('NFC'));
const word = fc.oneof(fc.constantFrom('a', 'b c', 'é, "x"', '<&>', "l'un"), fc.stringMatching(/^[a-z]{1,5}$/));

/** Faces have five points, as all forms that have points can hold. */
const points = fc.array(fc.option(fc.tuple(coordinate, coordinate), { nil: undefined }), {
  minLength: 5,
  maxLength: 5,
});

const face = fc.record({
  box: fc.tuple(coordinate, coordinate, side, side),
  area: fc.option(fc.double({ min: 1, max: 1e6, noNaN: true }), { nil: undefined, freq: 3 }),
  crowd: fc.boolean(),
  ignored: fc.boolean(),
  difficult: fc.boolean(),
  points: fc.option(points, { nil: undefined }),
  hidden: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
  blur: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
  quality: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  who: fc.option(word, { nil: undefined }),
});

/** Seeded annotations with everything that any form holds, in images with and without faces. */
export const randomAnnotations: fc.Arbitrary<Annotations> = fc
  .uniqueArray(
    fc.record({
      name,
      size: fc.tuple(fc.integer({ min: 400, max: 3000 }), fc.integer({ min: 400, max: 3000 })),
      faces: fc.array(face, { maxLength: 4 }),
    }),
    {
      minLength: 1,
      maxLength: 4,
      // Forms of a file for each image need names that differ without extension.
      selector: (image) => image.name.replace(/\.[a-z]+$/i, '').toLowerCase(),
    },
  )
  .map((images) => {
    const builder = new AnnotationsBuilder('random', { negativeSizes: 'refuse', keepFlag: '' });
    builder.landmarks.setNames(['left-eye', 'right-eye', 'nose', 'left-mouth', 'right-mouth']);
    for (const { name: own, size, faces } of images) {
      const image = builder.addImage(own, 'random', size);
      for (const { points: given, hidden, area, blur, quality, who, ...rest } of faces) {
        const attributes: [string, AttributeValue][] = [
          ['blur', blur],
          ['quality', quality],
          ['who', who],
        ];
        const visibility = given?.map((point, index) => (point === undefined ? 0 : hidden[index] ? 1 : 2));
        const flat = given?.flatMap((point) => point ?? [Number.NaN, Number.NaN]);
        builder.addFace(image, { ...rest, areaPx: area, points: flat, visibility, attributes }, 'random');
      }
    }
    return builder.build();
  });
