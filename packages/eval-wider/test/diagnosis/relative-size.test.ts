import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { Diagnosis } from '../../src/diagnosis/diagnosis.js';
import { scoringProtocol } from '../../src/score/protocol.js';
import { buildGroundTruth } from '../build-ground-truth.js';
import { type DetectionRow, face, predictionsOf } from '../synthetic.js';

type Box = readonly [x: number, y: number, w: number, h: number];
type Write = (box: Box) => Box;
const same: Write = (box) => box;
/** Boxes about the same middle, as boxes of heads are about faces. */
const about =
  (factor: number): Write =>
  ([x, y, w, h]) => [x - ((factor - 1) * w) / 2, y - ((factor - 1) * h) / 2, factor * w, factor * h];
/** Boxes that begin where the face does. */
const anchored =
  (factor: number): Write =>
  ([x, y, w, h]) => [x, y, factor * w, factor * h];
const corners: Write = ([x, y, w, h]) => [x, y, x + w, y + h];

const width = 640;
const height = 480;

/** Sixty images of 640 x 480 with one face of 80 to 160 pixels, near the upper left corner or in the middle, found to a twentieth. */
function errorsAndSize(where: 'corner' | 'middle', faces: Write, detections: Write, sized: boolean): Diagnosis[] {
  const random = seededRandom(17);
  const rows: Record<string, DetectionRow[]> = {};
  const annotated = Array.from({ length: 60 }, (_, index) => {
    const name = `people/${index}`;
    const w = 80 + 80 * random();
    const h = 1.25 * w;
    const box: Box =
      where === 'corner'
        ? [80 * random(), 80 * random(), w, h]
        : [320 - w / 2 + 40 * random(), 100 + 60 * random(), w, h];
    const off = (): number => 0.1 * w * (random() - 0.5);
    const found: Box = [box[0] + off(), box[1] + off(), w + off(), h + off()];
    rows[name] = [[...detections(found), 0.95 - 0.5 * random()]];
    return { name, faces: [face(faces(box))] };
  });
  return diagnose({
    groundTruth: buildGroundTruth(annotated, 'test'),
    predictions: predictionsOf(rows),
    protocol: scoringProtocol('python'),
    requireSorted: false,
    ...(sized ? { sizeOf: () => ({ widthPx: width, heightPx: height }), allSizesKnown: true } : {}),
  }).filter(({ code, level }) => level === 'error' || code === 'box-size');
}

const places = [
  ['corner', true],
  ['corner', false],
  ['middle', true],
  ['middle', false],
] as const;

describe('diagnose, on boxes of another size than the faces', () => {
  it.each(places)('warns of heads near the %s (sizes known: %s), and calls them no resized boxes', (where, sized) => {
    // 1.5 and 1.7 times about the middle: IoU 1 / 2.25 = 0.44 and 1 / 2.89 = 0.35.
    for (const factor of [1.5, 1.7]) {
      const [found, ...others] = errorsAndSize(where, about(factor), same, sized);
      expect(found).toMatchObject({ code: 'box-size', level: 'warning' });
      expect(found.evidence).toContain(`sides ${(1 / factor).toFixed(2).slice(0, 3)}`);
      expect(found.fix).toMatch(/boxes of heads/);
      expect(others).toEqual([]);
    }
  });

  it.each(places)(
    'refuses widths and heights that are wrong near the %s (sizes known: %s), without a flag',
    (where, sized) => {
      for (const factor of [1.5, 2]) {
        const [found, ...others] = errorsAndSize(where, same, anchored(factor), sized);
        expect(found).toMatchObject({ code: 'box-size', level: 'error' });
        expect(found.evidence).toMatch(/begin at the upper left corner/);
        // A shift or a factor of whole boxes gives another wrong number.
        expect(found.fix).not.toMatch(/--/);
        expect(others).toEqual([]);
      }
    },
  );

  it.each(places)('still names corners near the %s (sizes known: %s)', (where, sized) => {
    const [found] = errorsAndSize(where, same, corners, sized);
    expect(found).toMatchObject({ code: 'corner-boxes', fix: expect.stringMatching(/^--boxes xyxy/) });
  });
});
