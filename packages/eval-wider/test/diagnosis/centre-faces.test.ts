import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { scoringProtocol } from '../../src/score/protocol.js';
import { buildGroundTruth } from '../build-ground-truth.js';
import { type DetectionRow, face, predictionsOf } from '../synthetic.js';

type Box = readonly [x: number, y: number, w: number, h: number];

/** An image each with up to three faces of 50 to 250 px; detections are off by up to 4 % of a side. */
function scene(images: number, annotate: (box: Box) => Box, detect: (box: Box) => Box = (box) => box) {
  const random = seededRandom(3);
  const rows: Record<string, DetectionRow[]> = {};
  const annotated = Array.from({ length: images }, (_, index) => {
    const name = `street/${index}`;
    const boxes = Array.from({ length: 1 + (index % 3) }, (_, place): Box => {
      const w = 50 + 200 * random();
      return [500 * place + 200 * random(), 400 * random(), w, 1.3 * w];
    });
    const off = (side: number): number => 0.08 * side * (random() - 0.5);
    rows[name] = boxes
      .map(([x, y, w, h]): DetectionRow => {
        const box: Box = [x + off(w), y + off(h), w + off(w), h + off(h)];
        return [...detect(box), 0.95 - 0.4 * random()];
      })
      .sort((a, b) => b[4] - a[4]);
    return { name, faces: boxes.map((box) => face(annotate(box))) };
  });
  const protocol = scoringProtocol('python');
  return { groundTruth: buildGroundTruth(annotated, 'test'), predictions: predictionsOf(rows), protocol };
}

const codes = (input: ReturnType<typeof scene>): string[] =>
  diagnose({ ...input, requireSorted: true })
    .filter(({ level }) => level === 'error')
    .map(({ code }) => code);

const centred = ([x, y, w, h]: Box): Box => [x + w / 2, y + h / 2, w, h];

describe('diagnose, on annotated faces whose x and y are those of the centre', () => {
  it.each([12, 60])('names them and the flag that reads them so, on %s images', (images) => {
    const input = scene(images, centred);
    expect(codes(input)).toEqual(['centre-faces']);
    const [{ evidence, effect, fix }] = diagnose({ ...input, requireSorted: true });
    expect(evidence).toContain('the detections find 100.0 % of them instead of');
    expect(effect).toMatch(/1\.000 so read$/);
    expect(fix).toContain('--gt-boxes cxcywh');
  });

  it('leaves sound faces, centres of detections, and shifts of all boxes to their own names', () => {
    expect(codes(scene(60, (box) => box))).toEqual([]);
    expect(codes(scene(60, (box) => box, centred))).toEqual(['centre-boxes']);
    expect(codes(scene(60, ([x, y, w, h]) => [x + 150, y + 190, w, h]))).toEqual(['offset-boxes']);
  });
});
