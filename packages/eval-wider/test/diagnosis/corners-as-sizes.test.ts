import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { gatherEvidence } from '../../src/diagnosis/evidence.js';
import { convertPredictions } from '../../src/predictions/convert.js';
import { scoringProtocol } from '../../src/score/protocol.js';
import { scoreWider } from '../../src/score/score.js';
import { buildGroundTruth } from '../build-ground-truth.js';
import { type DetectionRow, face, predictionsOf } from '../synthetic.js';

const protocol = scoringProtocol('python');

type Box = readonly [x: number, y: number, w: number, h: number];
const corners = ([x, y, w, h]: Box): Box => [x, y, x + w, y + h];
const same = (box: Box): Box => box;

/**
 * One face in each image, as photographs of one person have it: its corner at up to `reach` of its width, sides within a tenth of
 * 100; the detection is off by up to 4 px on each side, and larger by `grown` of the face to the right and below.
 */
function portraits(
  images: number,
  reach: number,
  how: { faces?: typeof same; detections?: typeof same; grown?: number },
) {
  const { faces = same, detections = same, grown = 0 } = how;
  const random = seededRandom(5);
  const rows: Record<string, DetectionRow[]> = {};
  const annotated = Array.from({ length: images }, (_, index) => {
    const name = `people/${index}`;
    const jitter = (): number => 8 * (random() - 0.5);
    const box: Box = [reach * 100 * random(), reach * 100 * random(), 90 + 20 * random(), 90 + 20 * random()];
    const found: Box = [
      box[0] + jitter(),
      box[1] + jitter(),
      box[2] * (1 + grown) + jitter(),
      box[3] * (1 + grown) + jitter(),
    ];
    rows[name] = [[...detections(found), 0.95 - 0.9 * random()]];
    return { name, faces: [face(faces(box))] };
  });
  const input = { groundTruth: buildGroundTruth(annotated, 'test'), predictions: predictionsOf(rows), protocol };
  return { ...input, requireSorted: false };
}

describe('diagnose, on corners that are read as sizes near the upper left corner', () => {
  it('finds nothing in sound boxes, or in those that are larger to the right and below than faces', () => {
    const errors = (input: ReturnType<typeof portraits>) => diagnose(input).filter(({ level }) => level === 'error');
    for (const grown of [0, 0.15, 0.3]) expect(errors(portraits(60, 0.4, { grown }))).toEqual([]);
    // So near to the corner that either reading is right.
    expect(errors(portraits(60, 0.02, { detections: corners }))).toEqual([]);
  });

  it('names corners of portraits in the middle, which are so alike that the boxes of one fit the face of another', () => {
    // Faces of 150 to 260 x 195 to 338 about (240, 250): as x y w h a box covers 2.3 times the face, an IoU of 0.43.
    const random = seededRandom(11);
    for (const images of [20, 60]) {
      const rows: Record<string, DetectionRow[]> = {};
      const annotated = Array.from({ length: images }, (_, index) => {
        const name = `people/${index}`;
        const w = 150 + 110 * random();
        const box: Box = [240 - w / 2 + 40 * (random() - 0.5), 60 + 100 * random(), w, 1.3 * w];
        const off = (): number => 0.1 * w * (random() - 0.5);
        const found: Box = [box[0] + off(), box[1] + off(), box[2] + off(), box[3] + off()];
        rows[name] = [[...corners(found), 0.95 - 0.9 * random()]];
        return { name, faces: [face(box)] };
      });
      const input = {
        groundTruth: buildGroundTruth(annotated, 'test'),
        predictions: predictionsOf(rows),
        protocol,
        requireSorted: false,
      };
      const sizeOf = () => ({ widthPx: 480, heightPx: 640 });
      for (const sizes of [{}, { sizeOf, allSizesKnown: true }]) {
        expect(diagnose({ ...input, ...sizes }).map(({ code, level }) => `${level} ${code}`)).toEqual([
          'error corner-boxes',
        ]);
      }
    }
  });

  it('names detections that are corners although nearly all faces are found, and --boxes xyxy brings the overlap back', () => {
    const input = portraits(60, 0.4, { detections: corners });
    expect(gatherEvidence(input).recall).toBeGreaterThan(0.75);
    const [first, ...others] = diagnose(input);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ code: 'corner-boxes', level: 'error', fix: expect.stringMatching(/^--boxes xyxy/) });
    const sound = portraits(60, 0.4, {});
    const read = convertPredictions(input.predictions, { boxes: 'xyxy' });
    expect(scoreWider(input.groundTruth, read, protocol)).toEqual(
      scoreWider(sound.groundTruth, sound.predictions, protocol),
    );
  });

  it('names annotated faces that are corners, and not the detections', () => {
    const [first, ...others] = diagnose(portraits(60, 0.4, { faces: corners }));
    expect(others).toEqual([]);
    expect(first).toMatchObject({ code: 'corner-faces', level: 'error' });
    expect(first.effect).toMatch(/as given, .*1\.000.* so read/);
  });

  it('tells it from six images, and not from four', () => {
    expect(diagnose(portraits(6, 0.5, { detections: corners })).map(({ code }) => code)).toEqual(['corner-boxes']);
    expect(diagnose(portraits(4, 0.3, { detections: corners }))).toEqual([]);
  });
});
