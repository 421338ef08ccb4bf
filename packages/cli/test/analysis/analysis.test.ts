import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseRecord, type ResultRecord } from '@retinabench/results';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runIn } from '../support/run-in.js';

const shared = path.resolve(import.meta.dirname, '../../../..', process.env.RETINABENCH_SHARED ?? '../shared');
let folder: string;

/** Ten images of two faces: one found, a duplicate of it, a detection half off the other, one on nothing. */
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-analysis-'));
  const labels = { blur: 0, expression: 0, illumination: 0, occlusion: 0, pose: 0, invalid: 0 };
  const names = Array.from({ length: 10 }, (_, image) => `i${image}`);
  const images = names.map((name, at) => ({
    name: `${at < 5 ? '0--A' : '1--B'}/${name}`,
    faces: [
      { box: [0, 0, 20, 20], ...labels, splits: ['easy', 'medium', 'hard'] },
      { box: [100, 0, 40, 40], ...labels, occlusion: at % 2, splits: ['easy', 'medium', 'hard'] },
    ],
  }));
  mkdirSync(path.join(folder, 'ground_truth'));
  writeFileSync(path.join(folder, 'ground_truth', 'wider_face_val.json'), JSON.stringify({ version: 1, images }));
  for (const [at, { name }] of images.entries()) {
    // The half-off box covers 20 of 40 columns: IoU 800 / 2400 = 1/3.
    const lines = ['0 0 20 20 0.9', '0 0 20 20 0.8', '120 0 40 40 0.7', `500 500 20 20 ${0.3 + 0.01 * at}`];
    mkdirSync(path.join(folder, 'pred', path.dirname(name)), { recursive: true });
    writeFileSync(
      path.join(folder, 'pred', `${name}.txt`),
      [path.basename(name), lines.length, ...lines, ''].join('\n'),
    );
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const scoreWider = (...args: string[]) =>
  runIn(folder, 'wider', 'score', '--gt', 'ground_truth', '--pred', 'pred', '--force', '--out', 'record.json', ...args);
const record = (): ResultRecord => parseRecord(readFileSync(path.join(folder, 'record.json'), 'utf8'), 'record.json');

describe('wider score --tide --calibration --want', () => {
  it('puts errors by type, group and detection, calibration and operating points into the record and prints them', async () => {
    const { status, stdout } = await scoreWider('--tide', '--calibration', '--want', 'precision=0.9,recall=0.9');
    expect(status).toBe(0);
    const { tide, calibration, operating, images } = record();
    // 20 faces, 10 found first: AP 51 of 101 recalls. Localisation put right: found before anything on nothing, after the
    // duplicates: recalls up to 1/2 at precision 1, then 20 / 30.
    expect(tide?.ap).toBeCloseTo(51 / 101, 12);
    expect(tide?.lost.localisation).toBeCloseTo((50 * (20 / 30)) / 101, 12);
    expect(tide?.counts).toMatchObject({ hits: 10, localisation: 10, duplicate: 10, background: 10, missed: 0 });
    expect(images?.map(({ types }) => types)).toEqual(Array.from({ length: 10 }, () => 'HDLB'));
    expect(Object.keys(tide?.groups ?? {})).toEqual(['height', 'occlusion', 'event']);
    expect(tide?.groups?.occlusion).toMatchObject({ none: { faces: 15 }, partial: { faces: 5 } });
    expect(tide?.groups?.event['0--A'].counts.localisation).toBe(5);
    // 40 detections, 10 hits at 0.9; 10 duplicates at 0.8, 10 at 0.7, 10 from 0.3 to 0.39 (mean 0.345) are wrong.
    expect(calibration?.ece).toBeCloseTo((0.1 + 0.8 + 0.7 + 0.345) / 4, 9);
    expect(operating?.points.find(({ wanted }) => wanted === 'precision=0.9')).toMatchObject({
      score: 0.9,
      precision: 1,
      recall: 0.5,
    });
    expect(operating?.unreached).toContainEqual({ wanted: 'recall=0.9', nearestScore: 0.9, reached: 0.5 });
    expect(stdout).toMatch(/localisation +33\.00/);
    expect(stdout).toMatch(/calibration: ECE 0\.486/);
    expect(stdout).toContain('recall=0.9: no score gives it; the nearest, 0.9, gives 0.5');
  });

  it('leaves a table of operating points in every record, and prints nothing that was not asked for', async () => {
    const { stdout } = await scoreWider();
    expect(record().operating?.points.map(({ wanted }) => wanted)).toContain('f1=best');
    expect(record().tide).toBeUndefined();
    expect(stdout).not.toMatch(/operating points|calibration|errors/);
  });

  it('gives another protocol where a setting is not the usual one, so that such numbers are not compared', async () => {
    await scoreWider('--tide');
    const usual = record().protocol.id;
    await scoreWider('--tide', 'tidecv');
    expect(record().protocol).toMatchObject({ 'tide.rule': 'tidecv' });
    expect(record().protocol.id).not.toBe(usual);
    await scoreWider('--calibration', '--bins', '15');
    expect(record().protocol).toMatchObject({ 'calibration.bins': 15, 'calibration.binning': 'equal-width' });
    await scoreWider();
    expect(record().protocol.id).toBe(usual);
  });

  it('refuses what has no effect or is no rate', async () => {
    expect(await scoreWider('--bins', '15')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('divide the scores of --calibration'),
    });
    expect(await scoreWider('--tide-max-dets', '5')).toMatchObject({ status: 2 });
    expect(await scoreWider('--want', 'map=3')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('wanted rate: expected precision=0.95'),
    });
  });
});

describe.skipIf(!existsSync(path.join(shared, 'golden/tide')))(
  'score --tide (skipped without the shared data folder)',
  () => {
    it("gives tidecv's numbers under its rule and limit, and the AP of COCO without one", async () => {
      const [gt, pred] = ['ground-truth.json', 'predictions.json'].map((file) =>
        path.join(shared, 'golden/coco', file),
      );
      const score = async (...args: string[]): Promise<ResultRecord> => {
        const { status, stderr } = await runIn(
          folder,
          'score',
          '--gt',
          gt,
          '--pred',
          pred,
          '--out',
          'coco.json',
          ...args,
        );
        expect([status, stderr]).toEqual([0, expect.anything()]);
        return parseRecord(readFileSync(path.join(folder, 'coco.json'), 'utf8'), 'coco.json');
      };
      const { tide, protocol, detection } = await score('--tide', 'tidecv', '--tide-max-dets', '100');
      const reference = JSON.parse(readFileSync(path.join(shared, 'golden/tide/reference.json'), 'utf8'));
      const { AP, dAP, special } = reference.variants.counted.maxDets100.tidecv;
      expect(100 * (tide?.ap ?? 0)).toBeCloseTo(AP, 9);
      expect(100 * (tide?.lost.localisation ?? 0)).toBeCloseTo(dAP.Loc, 9);
      expect(100 * (tide?.lost.missed ?? 0)).toBeCloseTo(dAP.Miss, 9);
      expect(100 * (tide?.lost.falseNegative ?? 0)).toBeCloseTo(special.FalseNeg, 9);
      expect(protocol).toMatchObject({ 'tide.rule': 'tidecv', 'tide.maxDetections': 100 });
      expect(detection?.images?.types).toHaveLength(151);
      const plain = await score('--tide', '--no-interval');
      expect(plain.tide?.ap).toBeCloseTo(plain.detection?.values['uncapped.ap50'] ?? Number.NaN, 12);
      expect(plain.tide).not.toHaveProperty('interval');
    });
  },
);
