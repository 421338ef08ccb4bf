import type { Annotations } from '@retinabench/annotations';
import { describe, expect, it } from 'vitest';
import { auditLabels } from '../../src/audit/audit-labels.js';
import type { AuditSettings } from '../../src/audit/suspicion.js';
import { evaluatedFaces } from '../../src/faces/evaluated-faces.js';
import { defaultFaceSettings } from '../../src/faces/treatment.js';
import type { DetectedBoxes } from '../../src/match/prepare-matching.js';

const settings: AuditSettings = { sure: 0.5, models: 2, background: 0.1, foreground: 0.5, repeated: 0.8 };

function annotations(faces: readonly (readonly number[])[], ignored: readonly number[] = []): Annotations {
  return {
    images: ['a.jpg'],
    sizesPx: new Int32Array(2),
    start: Int32Array.of(0, faces.length),
    boxesXywh: Float64Array.from(faces.flat()),
    crowd: new Uint8Array(faces.length),
    ignored: Uint8Array.from(faces, (_, face) => (ignored.includes(face) ? 1 : 0)),
    difficult: new Uint8Array(faces.length),
    attributes: new Map(),
  };
}

function detected(...rows: readonly (readonly number[])[]): DetectedBoxes {
  return {
    ranges: { first: Int32Array.of(0), end: Int32Array.of(rows.length) },
    boxesXywh: Float64Array.from(rows.flatMap((row) => row.slice(0, 4))),
    scores: Float64Array.from(rows, (row) => row[4]),
  };
}

/** Annotated: 0 found by both; 1 found by none, though half covered by one (IoU 1/3); 2 ignored. Not annotated: at x = 300. */
const truth = annotations(
  [
    [0, 0, 20, 20],
    [100, 0, 40, 40],
    [500, 0, 100, 100],
  ],
  [2],
);
const first = detected([0, 0, 20, 20, 9], [300, 0, 20, 20, 8.5], [120, 0, 40, 40, 1], [520, 20, 10, 10, 8.6]);
const second = detected([0, 0, 20, 20, 0.9], [302, 0, 20, 20, 0.95], [700, 0, 20, 20, 0.94]);
const audit = (models: readonly DetectedBoxes[], more: Partial<AuditSettings> = {}, of: Annotations = truth) =>
  auditLabels(of, evaluatedFaces(of, defaultFaceSettings), models, { ...settings, ...more });

describe('auditLabels', () => {
  it('joins the detections of several models, whatever the units of their scores, and asks for as many as it is told', () => {
    // Every model finds face 0 twice as surely: scores of 5 right ones and one wrong at the same score are 5/6 sure.
    const row = (x: number): number[] => [x, 200, 20, 20];
    const many = annotations([0, 40, 80, 120, 160].map(row));
    const sureOf = (x: number, score = 0.9) => detected(...[0, 40, 80, 120, 160, x].map((at) => [...row(at), score]));
    const both = audit([sureOf(400), sureOf(403, 90)], { sure: 0.8 }, many).unannotated;
    expect(both).toEqual([
      {
        kind: 'unannotated',
        image: 0,
        boxXywh: [400, 200, 20, 20],
        score: expect.closeTo(5 / 6, 9),
        models: [0, 1],
        faces: [],
      },
    ]);
    expect(audit([sureOf(400), sureOf(600)], { sure: 0.8 }, many).unannotated).toEqual([]);
    expect(audit([sureOf(400), sureOf(600)], { sure: 0.8, models: 1 }, many).unannotated).toHaveLength(2);
    expect(audit([sureOf(400), sureOf(403)], { sure: 0.9 }, many).unannotated).toEqual([]);
  });

  it('takes what lies in an ignored face as annotated', () => {
    const row = (x: number): number[] => [x, 200, 20, 20];
    const region = annotations([...[0, 40, 80].map(row), [380, 150, 100, 100]], [3]);
    const inside = detected(...[0, 40, 80, 400].map((x) => [...row(x), 0.9]));
    expect(audit([inside], { models: 1 }, region).unannotated).toEqual([]);
  });

  it('names annotated faces that no model finds, with how near one comes, large ones first; ignored ones never', () => {
    const { neverFound } = audit([first, second]);
    expect(neverFound).toHaveLength(1);
    expect(neverFound[0]).toMatchObject({ faces: [1], boxXywh: [100, 0, 40, 40], models: [0, 1] });
    expect(neverFound[0].iou).toBeCloseTo(1 / 3, 12);
    expect(neverFound[0].score).toBeCloseTo(40 * (2 / 3), 12);
    const tall = annotations([
      [0, 0, 10, 10],
      [100, 0, 30, 90],
    ]);
    expect(audit([detected([700, 0, 5, 5, 1])], { models: 1 }, tall).neverFound.map(({ faces }) => faces)).toEqual([
      [1],
      [0],
    ]);
  });

  it('names boxes that stand twice', () => {
    // 20 x 20 and the same one pixel to the right: IoU 380 / 420.
    const twice = annotations([
      [0, 0, 20, 20],
      [1, 0, 20, 20],
      [60, 0, 20, 20],
    ]);
    const { repeated } = audit([detected([0, 0, 20, 20, 1])], { models: 1 }, twice);
    expect(repeated).toHaveLength(1);
    expect(repeated[0]).toMatchObject({ faces: [0, 1] });
    expect(repeated[0].iou).toBeCloseTo(380 / 420, 12);
  });

  it('refuses fewer models than are asked for', () => {
    expect(() => audit([first])).toThrow(/predictions of at least 2 models, got 1/);
    expect(() => audit([first, second], { background: 0.6 })).toThrow(/background < foreground/);
  });
});
