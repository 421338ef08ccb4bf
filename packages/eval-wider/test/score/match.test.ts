import { seededRandom } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { matchPredictions } from '../../src/score/match-predictions.js';
import { scoringProtocol } from '../../src/score/protocol.js';
import { buildGroundTruth } from '../build-ground-truth.js';
import { type DetectionRow, face, predictionsOf } from '../synthetic.js';

/** The first face of largest IoU, with `+ 1` sides, if that is at least 0.5: every face is looked at. */
function plainBest(faces: readonly (readonly number[])[], [x, y, w, h]: DetectionRow): number {
  let best = -1;
  let bestIou = 0;
  faces.forEach(([fx, fy, fw, fh], index) => {
    const width = Math.min(x + w, fx + fw) - Math.max(x, fx) + 1;
    const height = Math.min(y + h, fy + fh) - Math.max(y, fy) + 1;
    if (width <= 0 || height <= 0) return;
    const both = width * height;
    const iou = both / ((x + w - x + 1) * (y + h - y + 1) + (fx + fw - fx + 1) * (fy + fh - fy + 1) - both);
    if (iou > bestIou) {
      bestIou = iou;
      best = index;
    }
  });
  return bestIou >= 0.5 ? best : -1;
}

/** MATLAB's int32: rounded half away from zero, saturated. */
const int32 = (value: number): number =>
  Math.min(Math.max(Math.sign(value) * Math.round(Math.abs(value)), -(2 ** 31)), 2 ** 31 - 1);

/** The first face of largest IoU as MATLAB's int32 has it: every operation on an int32 rounds and saturates. */
function plainBestInt32(faces: readonly (readonly number[])[], [x, y, w, h]: DetectionRow): number {
  const ious = faces.map(([fx, fy, fw, fh]) => {
    const side = (a1: number, a2: number, b1: number, b2: number): number =>
      int32(int32(int32(Math.min(a2, b2)) - int32(Math.max(a1, b1))) + 1);
    const width = side(fx, fx + fw, x, x + w);
    const height = side(fy, fy + fh, y, y + h);
    if (width <= 0 || height <= 0) return 0;
    const both = int32(width * height);
    const areas = int32((fx + fw - fx + 1) * (fy + fh - fy + 1) + (x + w - x + 1) * (y + h - y + 1));
    return int32(both / int32(areas - both));
  });
  const largest = ious.reduce((most, iou) => Math.max(most, iou), 0);
  return largest >= 0.5 ? ious.indexOf(largest) : -1;
}

describe('matchDetections', () => {
  test('finds in a crowd the faces that a comparison with all finds, of equal ones the first', () => {
    const random = seededRandom(5);
    const within = (from: number, to: number): number => from + Math.floor(random() * (to - from));
    for (let round = 0; round < 46; round++) {
      // The last ones are ordered in bands, of which one holds all faces where these have one upper edge.
      const count = round < 40 ? within(9, 60) : within(257, 700);
      const down = round === 42 ? -1 : round > 43 ? 400 : 12;
      // Few sizes and places, so that boxes coincide and IoUs are equal; some are odd, wide or without area.
      const box = (): number[] => [within(-2, 12) * 4, within(-2, down) * 4, within(-1, 9) * 3, within(0, 9) * 3];
      const faces = Array.from({ length: count }, (_, index) => (index % 7 === 0 ? [0, 0, 90, 5] : box()));
      const rows = Array.from({ length: 80 }, (_, index): DetectionRow => {
        const [x, y, w, h] = index % 3 === 0 ? faces[index % count] : box();
        return [x, y, w, h, random()];
      });
      const groundTruth = buildGroundTruth([{ name: 'a/1', faces: faces.map((own) => face(own)) }], 'made up');
      const predictions = predictionsOf({ 'a/1': rows });
      const { matches } = matchPredictions(groundTruth, predictions, scoringProtocol('python'));
      expect([...matches.face]).toEqual(rows.map((row) => plainBest(faces, row)));
    }
  });

  test('finds in a crowd under matlab-int what a comparison with all faces in rounded arithmetic finds', () => {
    const random = seededRandom(6);
    const within = (from: number, to: number): number => from + Math.floor(random() * (to - from));
    for (let round = 0; round < 65; round++) {
      // Every fifth round lies where int32 saturates; halves are rounded away from zero.
      const scale = round % 5 === 4 ? 2 ** 29 : 1;
      const box = (): number[] => [within(-9, 40), within(-9, 40), within(-1, 12), within(0, 12)].map((v) => v * scale);
      const faces = Array.from({ length: round < 60 ? within(9, 60) : 400 }, (_, index) =>
        index % 9 === 0 ? [0, 3, 25, 2] : box(),
      );
      const rows = Array.from({ length: 80 }, (_, index): DetectionRow => {
        const [x, y, w, h] = index % 3 === 0 ? faces[index % faces.length] : box();
        return [x + within(0, 4) / 4, y, w + within(0, 4) / 4, h, 1 - index / 100];
      });
      const groundTruth = buildGroundTruth([{ name: 'a/1', faces: faces.map((own) => face(own)) }], 'made up');
      const predictions = predictionsOf({ 'a/1': rows });
      const { matches } = matchPredictions(groundTruth, predictions, scoringProtocol('matlab-int'));
      expect([...matches.face]).toEqual(rows.map((row) => plainBestInt32(faces, row)));
    }
  });
});
