import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { Diagnosis } from '../../src/diagnosis/diagnosis.js';
import { gatherEvidence } from '../../src/diagnosis/evidence.js';
import { diagnoseFindsNothing } from '../../src/diagnosis/finds-nothing.js';
import { diagnoseShifted } from '../../src/diagnosis/shifted.js';
import { convertPredictions } from '../../src/predictions/convert.js';
import { scoringProtocol } from '../../src/score/protocol.js';
import { scoreWider } from '../../src/score/score.js';
import { buildGroundTruth } from '../build-ground-truth.js';
import { type DetectionRow, face, predictionsOf } from '../synthetic.js';

const protocol = scoringProtocol('python');

type Write = (x: number, y: number, w: number, h: number) => readonly [number, number, number, number];

/** 40 images of four faces of 16 to 60 pixels, 1.2 to 1.8 times as high as wide, each found, and up to four false positives. */
function runOf(how: Write) {
  const random = seededRandom(11);
  const rows: Record<string, DetectionRow[]> = {};
  const images = Array.from({ length: 40 }, (_, index) => {
    const name = `${index % 4}--Event/image_${index}`;
    const faces = Array.from({ length: 4 }, (_, place) => {
      const width = 16 + 44 * random();
      return [150 * place + 40 * random(), 300 * random(), width, width * (1.2 + 0.6 * random())] as const;
    });
    rows[name] = [...faces.map((box, place): DetectionRow => [...how(...box), 0.9 - 0.1 * place - 0.05 * random()])];
    for (let place = index % 5; place > 0; place--)
      rows[name].push([100 * place, 200 + ((37 * index) % 90), 30, 40, 0.02 * place]);
    return { name, faces: faces.map((box) => face(box)) };
  });
  return { groundTruth: buildGroundTruth(images, 'test'), predictions: predictionsOf(rows) };
}

const diagnosisOf = (how: Write): Diagnosis[] => diagnose({ ...runOf(how), protocol, requireSorted: false });

const sound = runOf((x, y, w, h) => [x, y, w, h]);
const soundAp = scoreWider(sound.groundTruth, sound.predictions, protocol).hard ?? 0;

describe('diagnose, on boxes that are nearly right', () => {
  it('finds nothing in sound boxes, in whole numbers, or in squares of the same area', () => {
    expect(diagnosisOf((x, y, w, h) => [x, y, w, h])).toEqual([]);
    expect(diagnosisOf((x, y, w, h) => [Math.round(x), Math.round(y), Math.round(w), Math.round(h)])).toEqual([]);
    const square: Write = (x, y, w, h) => {
      const side = Math.sqrt(w * h);
      return [x + (w - side) / 2, y + (h - side) / 2, side, side];
    };
    expect(diagnosisOf(square)).toEqual([]);
  });

  it('names width and height exchanged, although half of the faces are found, and --boxes xyhw brings AP back', () => {
    const exchanged: Write = (x, y, w, h) => [x, y, h, w];
    const { groundTruth, predictions } = runOf(exchanged);
    expect(gatherEvidence({ groundTruth, predictions, protocol, requireSorted: false }).recall).toBeGreaterThan(0.3);
    const [first] = diagnosisOf(exchanged);
    expect(first).toMatchObject({ code: 'exchanged-axes', level: 'error' });
    expect(first.fix).toMatch(/^--boxes xyhw,/);
    const corrected = convertPredictions(predictions, { boxes: 'xyhw' });
    expect(scoreWider(groundTruth, corrected, protocol).hard).toBeCloseTo(soundAp, 12);
  });

  it('finds no error where only the largest faces of many are found, and the best detections are right', () => {
    // 160 faces in 40 images, of which 1 is found, 0.6 %, by the best detection of the one image that has any.
    const { groundTruth } = runOf((x, y, w, h) => [x, y, w, h]);
    const rows: Record<string, DetectionRow[]> = {};
    groundTruth.images.forEach((name, image) => {
      const [x, y, w, h] = groundTruth.boxesXywh.subarray(4 * groundTruth.start[image]);
      rows[name] =
        image === 0
          ? [[x, y, w, h, 0.9], ...Array.from({ length: 250 }, (): DetectionRow => [900, 700, 9, 9, 0.1])]
          : [];
    });
    const input = { groundTruth, predictions: predictionsOf(rows), protocol, requireSorted: false };
    expect(diagnoseFindsNothing(input, gatherEvidence(input))).toEqual([]);
  });

  it('names boxes that are 8 pixels off, which large faces forgive, to the pixel', () => {
    const [first] = diagnosisOf((x, y, w, h) => [x + 8, y, w, h]);
    expect(first).toMatchObject({ code: 'offset-boxes', level: 'error' });
    expect(first.fix).toMatch(/^--box-shift -8,0,/);
  });
});

describe('diagnoseShifted', () => {
  it('takes no coincidence for files of other images', () => {
    // Of 12 images of an event 7 find nothing. One file on lie the faces of 4 of them, and by the five other shifts those of
    // 3: a rate of (3 + 1) / (5 * 7 + 2) = 0.108 by chance. P(X >= 4) of 7 is then 35 * 0.108^4 * 0.892^3 + ... = 0.0038,
    // and times six shifts 0.023: too probable. The worst shift explains none, so that 4 is more than any multiple of it.
    const spot = (image: number): [number, number, number, number] => [100 * image, 50, 40, 50];
    const elsewhere: readonly (readonly [file: number, faceOf: number])[] = [
      ...([3, 4, 5, 6].map((file) => [file, file + 1]) as [number, number][]),
      [7, 9],
      [5, 4],
      [5, 8],
    ];
    const dead = new Set([3, 4, 5, 6, 7, 8, 9]);
    const name = (image: number): string => `1--Event/image_${10 + image}`;
    const rows: Record<string, DetectionRow[]> = {};
    const images = Array.from({ length: 12 }, (_, image) => {
      const held = elsewhere.filter(([file]) => file === image).map(([, of]) => spot(of));
      const boxes = dead.has(image) ? [...held, [2000, 2000, 10, 10]] : [spot(image)];
      rows[name(image)] = boxes.map((box, place) => [...box, 0.9 - 0.1 * place] as unknown as DetectionRow);
      return { name: name(image), faces: [face(spot(image))] };
    });
    const input = {
      groundTruth: buildGroundTruth(images, 'test'),
      predictions: predictionsOf(rows),
      protocol,
      requireSorted: false,
    };
    expect(diagnoseShifted(input, gatherEvidence(input))).toEqual([]);
  });
});
