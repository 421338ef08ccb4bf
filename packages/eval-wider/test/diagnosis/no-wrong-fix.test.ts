import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { Diagnosis } from '../../src/diagnosis/diagnosis.js';
import { scoringProtocol } from '../../src/score/protocol.js';
import { buildGroundTruth } from '../build-ground-truth.js';
import { type DetectionRow, face, predictionsOf } from '../synthetic.js';

type Box = readonly [x: number, y: number, w: number, h: number];
type Write = (box: Box, width: number, height: number) => Box;

interface Made {
  readonly images: number;
  readonly faces: number;
  /** Sizes of the images, in turn; the diagnosis is not told them. */
  readonly sizes: readonly (readonly [width: number, height: number])[];
  /** Width of the faces. */
  readonly side: readonly [least: number, most: number];
}

/** Faces anywhere, found to a twentieth of their width, whose detections are written otherwise. */
function diagnosisOf({ images, faces, sizes, side }: Made, write: Write): Diagnosis[] {
  const random = seededRandom(5);
  const rows: Record<string, DetectionRow[]> = {};
  const annotated = Array.from({ length: images }, (_, index) => {
    const name = `people/${index}`;
    const [width, height] = sizes[index % sizes.length];
    const boxes = Array.from({ length: faces }, (): Box => {
      const w = side[0] + (side[1] - side[0]) * random();
      return [(width - w) * random(), (height - 1.25 * w) * random(), w, 1.25 * w];
    });
    rows[name] = boxes.map(([x, y, w, h], place) => {
      const off = (): number => 0.1 * w * (random() - 0.5);
      return [...write([x + off(), y + off(), w, h], width, height), 0.95 - (0.5 * place) / faces - 0.001 * index];
    });
    return { name, faces: boxes.map((box) => face(box)) };
  });
  return diagnose({
    groundTruth: buildGroundTruth(annotated, 'test'),
    predictions: predictionsOf(rows),
    protocol: scoringProtocol('python'),
    requireSorted: false,
  });
}

const photographs: Made = { images: 40, faces: 3, sizes: [[1024, 768]], side: [40, 200] };

describe('diagnose, on boxes that no flag brings back', () => {
  it.each<[string, Write, RegExp]>([
    ['y of the lower edge', ([x, y, w, h]) => [x, y + h, w, h], /0\.0\d of the width.* 1\.0\d|0\.9\d of its height/],
    ['x of the right edge', ([x, y, w, h]) => [x + w, y, w, h], /(1\.0\d|0\.9\d) of the width/],
    ['the middle of the lower edge', ([x, y, w, h]) => [x + w / 2, y + h, w, h], /(0\.5\d|0\.4\d) of the width/],
  ])('names %s as a place beside the faces, and no shift in pixels', (_, write, place) => {
    const errors = diagnosisOf(photographs, write).filter(({ level }) => level === 'error');
    expect(errors.map(({ code }) => code)).toEqual(['offset-boxes']);
    expect(errors[0].evidence).toMatch(place);
    expect(errors[0].fix).not.toMatch(/--/);
  });

  it('still names centres, which are half a side off, and a shift of faces of one size, which is a share of it, too', () => {
    const fixOf = (made: Made, write: Write): string => diagnosisOf(made, write)[0].fix;
    expect(fixOf(photographs, ([x, y, w, h]) => [x + w / 2, y + h / 2, w, h])).toMatch(/^--boxes cxcywh/);
    const alike: Made = { ...photographs, side: [60, 62] };
    expect(fixOf(alike, ([x, y, w, h]) => [x + 40, y + 40, w, h])).toMatch(/^--box-shift -40,-40/);
  });

  it('does not offer the shift of one size of images for those of others, which it leaves wrong', () => {
    // Letterboxes of 640: 480 x 640 is shifted by 80 pixels, and so is no other size.
    const sizes = [
      [480, 640],
      [320, 240],
      [1000, 800],
      [100, 700],
    ] as const;
    const letterbox: Write = (box, width, height) => {
      const scale = 640 / Math.max(width, height);
      const [left, top] = [(640 - scale * width) / 2, (640 - scale * height) / 2];
      const [x, y, w, h] = box.map((px) => scale * px);
      return [x + left, y + top, w, h];
    };
    const errors = diagnosisOf({ images: 40, faces: 1, sizes, side: [30, 90] }, letterbox).filter(
      ({ level }) => level === 'error',
    );
    expect(errors).toHaveLength(1);
    expect(errors[0].fix).toMatch(/^name the folder with the images/);
    expect(errors[0].fix).toMatch(/leaves the others wrong/);
  });
});

describe('diagnose, on few images', () => {
  const crowd: Made = { images: 1, faces: 200, sizes: [[1024, 768]], side: [8, 24] };

  it('doubts a crowd of which next to nothing is found, though it is one image, and not one that is found', () => {
    const codes = (write: Write): string[] => diagnosisOf(crowd, write).map(({ code }) => code);
    expect(codes(([x, y, w, h], width) => [width - x - w, y, w, h])).toContainEqual(expect.stringMatching(/^finds-/));
    expect(codes((box) => box)).not.toContainEqual(expect.stringMatching(/^finds-/));
  });

  it('says of three detections and three faces that nothing is found', () => {
    const three: Made = { images: 1, faces: 3, sizes: [[1024, 768]], side: [20, 40] };
    expect(diagnosisOf(three, ([x, y, w, h], width) => [width - x - w, y, w, h]).map(({ code }) => code)).toEqual([
      'finds-nothing',
    ]);
  });
});
