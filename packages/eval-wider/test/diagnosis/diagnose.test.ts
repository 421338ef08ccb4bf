import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { seededRandom } from '@retinabench/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { Diagnosis } from '../../src/diagnosis/diagnosis.js';
import type { WiderGroundTruth } from '../../src/ground-truth/ground-truth.js';
import { loadGroundTruth } from '../../src/ground-truth/load.js';
import { restrictGroundTruth } from '../../src/ground-truth/restrict.js';
import { PredictionsBuilder } from '../../src/predictions/builder.js';
import { convertPredictions } from '../../src/predictions/convert.js';
import { FindingLog } from '../../src/predictions/finding.js';
import { parsePredictionFile } from '../../src/predictions/parse-file.js';
import type { WiderPredictions } from '../../src/predictions/predictions.js';
import { readPredictions } from '../../src/predictions/read-folder.js';
import { restrictPredictions } from '../../src/predictions/restrict.js';
import { scoringProtocol } from '../../src/score/protocol.js';
import type { RuleSet } from '../../src/score/rule-sets.js';
import { scoreWider } from '../../src/score/score.js';
import { shared, sharedIsAbsent } from '../shared-data.js';
import { type DetectionRow, predictionsOf, rowsOf, syntheticRun } from '../synthetic.js';

type Rows = readonly DetectionRow[];

const diagnosisOf = (
  groundTruth: WiderGroundTruth,
  predictions: WiderPredictions,
  rules: RuleSet = 'python',
  requireSorted = false,
): Diagnosis[] => diagnose({ groundTruth, predictions, protocol: scoringProtocol(rules), requireSorted });

/** Ways to spoil the detections of an image, and what must be found. */
const spoiled: readonly {
  readonly what: string;
  readonly spoil: (rows: Rows, image: number) => Rows;
  readonly code: Diagnosis['code'];
  readonly level: Diagnosis['level'];
  readonly fix: RegExp;
}[] = [
  {
    what: 'files in no order',
    spoil: (rows, image) => {
      const random = seededRandom(image);
      return rows
        .map((row) => ({ row, key: random() }))
        .sort((a, b) => a.key - b.key)
        .map(({ row }) => row);
    },
    code: 'unsorted',
    level: 'error',
    fix: /--order any/,
  },
  {
    what: 'x1 y1 x2 y2 instead of x y w h',
    spoil: (rows) => rows.map(([x, y, w, h, score]) => [x, y, x + w, y + h, score]),
    code: 'corner-boxes',
    level: 'error',
    fix: /--boxes xyxy/,
  },
  {
    what: 'boxes in pixels of the image resized to 0.625',
    spoil: (rows) => rows.map(([x, y, w, h, score]) => [0.625 * x, 0.625 * y, 0.625 * w, 0.625 * h, score]),
    code: 'resized-boxes',
    level: 'error',
    fix: /--box-scale 1\.[56]/,
  },
  {
    what: 'boxes resized by another factor in each image',
    spoil: (rows, image) => {
      const factor = 0.5 + (image % 7) / 5;
      return rows.map(([x, y, w, h, score]) => [factor * x, factor * y, factor * w, factor * h, score]);
    },
    code: 'resized-boxes',
    level: 'error',
    fix: /divide the boxes of each image/,
  },
  {
    what: 'scores in percent',
    spoil: (rows) => rows.map(([x, y, w, h, score]) => [x, y, w, h, 100 * score]),
    code: 'scores-outside-0-1',
    level: 'warning',
    fix: /--scores percent/,
  },
  {
    what: 'scores before the sigmoid',
    spoil: (rows) => rows.map(([x, y, w, h, score]) => [x, y, w, h, Math.log(score / (1.0001 - score))]),
    code: 'scores-outside-0-1',
    level: 'warning',
    fix: /--scores logit/,
  },
  {
    what: 'one score throughout',
    spoil: (rows) => rows.map(([x, y, w, h]) => [x, y, w, h, 1]),
    code: 'constant-scores',
    level: 'error',
    fix: /fifth number/,
  },
  {
    what: 'a NaN',
    spoil: (rows, image) =>
      image === 3 ? rows.map(([x, y, w, h], at) => [x, y, w, h, at === 1 ? Number.NaN : 0.5]) : rows,
    code: 'not-finite',
    level: 'error',
    fix: /finite numbers/,
  },
  {
    what: 'boxes beside the image in a tenth of the detections',
    spoil: (rows, image) =>
      rows.map((row, at) => ((image + at) % 10 === 0 ? [row[0] + 5000, row[1], row[2], row[3], row[4]] : row)),
    code: 'boxes-outside',
    level: 'warning',
    fix: /original image/,
  },
  {
    what: 'corners in reverse order',
    spoil: (rows) => rows.map(([x, y, w, h, score]) => [x + w, y + h, -w, -h, score]),
    code: 'negative-boxes',
    level: 'error',
    fix: /no --boxes xyxy/,
  },
];

function spoil(predictions: WiderPredictions, how: (rows: Rows, image: number) => Rows): WiderPredictions {
  const entries = Object.entries(rowsOf(predictions));
  return predictionsOf(Object.fromEntries(entries.map(([name, rows], image) => [name, how(rows, image)])));
}

describe('diagnose, on a made-up run', () => {
  const { groundTruth, predictions } = syntheticRun(21, 60);

  it('finds nothing where nothing is wrong', () => {
    for (const rules of ['python', 'matlab', 'matlab-int'] as const) {
      expect(diagnosisOf(groundTruth, predictions, rules, true)).toEqual([]);
    }
  });

  it('finds nothing wrong with a weak detector that misses most faces and places boxes badly', () => {
    const random = seededRandom(4);
    const weak = spoil(predictions, (rows) =>
      rows
        .filter((_, at) => at % 5 === 0)
        .map(([x, y, w, h, score]) => {
          const shift = (): number => (random() - 0.5) * 0.4 * w;
          return [x + shift(), y + shift(), w + shift(), h + shift(), score];
        }),
    );
    expect(diagnosisOf(groundTruth, weak)).toEqual([]);
  });

  it.each(spoiled)('names $what as $code', ({ spoil: how, code, level, fix }) => {
    const found = diagnosisOf(groundTruth, spoil(predictions, how));
    const diagnosis = found.find((one) => one.code === code);
    expect(found.map((one) => one.code)).toContain(code);
    expect(diagnosis?.level).toBe(level);
    expect(diagnosis?.fix).toMatch(fix);
    expect(found.filter((one) => one.level === 'error').length).toBe(level === 'error' ? 1 : 0);
  });

  it('says by how much AP suffers, as scoring with the fix shows', () => {
    const corners = spoil(predictions, spoiled[1].spoil);
    const [{ effect }] = diagnosisOf(groundTruth, corners);
    const aps = Object.values(scoreWider(groundTruth, predictions, scoringProtocol('python')));
    expect(effect).toContain(`${aps.map((ap) => ap.toFixed(3)).join(' / ')} so read`);
    const corrected = convertPredictions(corners, { boxes: 'xyxy' });
    expect(diagnosisOf(groundTruth, corrected)).toEqual([]);
  });

  it('takes no order amiss where it does not matter, unless it is asked for', () => {
    const unsorted = spoil(predictions, spoiled[0].spoil);
    expect(diagnosisOf(groundTruth, unsorted, 'matlab')).toEqual([]);
    expect(diagnosisOf(groundTruth, unsorted, 'matlab', true).map(({ code }) => code)).toEqual(['unsorted']);
  });

  it('names missing images, as an error only where the rules have it so', () => {
    const fewer = predictionsOf(Object.fromEntries(Object.entries(rowsOf(predictions)).slice(2)));
    const [python] = diagnosisOf(groundTruth, fewer);
    expect(python).toMatchObject({ code: 'missing-images', level: 'error' });
    expect(python.evidence).toContain(groundTruth.images[0]);
    expect(python.fix).toMatch(/--images present/);
    expect(diagnosisOf(groundTruth, fewer, 'matlab')[0]).toMatchObject({ code: 'missing-images', level: 'warning' });
  });

  it('names unknown images, as an error where no image is known', () => {
    const more = predictionsOf({ ...rowsOf(predictions), 'x/y': [[0, 0, 9, 9, 0.5]] });
    expect(diagnosisOf(groundTruth, more)).toMatchObject([{ code: 'unknown-images', level: 'warning' }]);
    const renamed = { ...predictions, images: predictions.images.map((name) => `${name}.jpg`) };
    expect(diagnosisOf(groundTruth, renamed)).toMatchObject([{ code: 'unknown-images', level: 'error' }]);
  });

  it('names images that are predicted twice', () => {
    const builder = new PredictionsBuilder();
    for (const [name, rows] of Object.entries(rowsOf(predictions))) {
      for (let copy = 0; copy < (name === predictions.images[0] ? 2 : 1); copy++) {
        for (const row of rows) builder.add(...row);
        builder.closeImage(name);
      }
    }
    const [diagnosis] = diagnosisOf(groundTruth, builder.build());
    expect(diagnosis).toMatchObject({ code: 'duplicate-images', level: 'error' });
    expect(diagnosis.evidence).toContain(predictions.images[0]);
  });

  it.each([
    ['python', 'a\n7\n1 2 3 4 0.5\n', 'counts-disagree', /write the number/],
    ['matlab', 'a\n7\n1 2 3 4 0.5\n', 'files-emptied', /--rules python/],
    ['matlab', 'a\n1\n1 2 3 4 0.5\n1 2 3 4 0.4\n', 'counts-disagree', /--rules python/],
    ['python', 'a\n1\n 1 2 3 4 0.5\n1 2 3 4 0.4\n', 'lines-skipped', /without a space/],
    ['python', 'b\n1\n1 2 3 4 0.5\n', 'names-disagree', /line 1/],
    ['python', 'a\n1\n1 2 3 4 inf\n', 'not-finite', /finite/],
  ] as const)('passes on what the %s reader met in %j', (rules, text, code, fix) => {
    const builder = new PredictionsBuilder();
    const log = new FindingLog();
    const bytes = new TextEncoder().encode(text);
    parsePredictionFile({ bytes, place: 'p/e/a.txt', event: 'e', stem: 'a' }, scoringProtocol(rules), builder, log);
    const found = diagnosisOf(groundTruth, builder.build(log.findings()), rules).find((one) => one.code === code);
    expect(found?.evidence).toMatch(/^p\/e\/a\.txt:\d: .*\(1 file in all\)$/);
    expect(found?.fix).toMatch(fix);
  });
});

describe.skipIf(sharedIsAbsent)(
  'diagnose, on spoiled copies of real predictions (skips without the shared data folder)',
  () => {
    let groundTruth: WiderGroundTruth;
    let predictions: WiderPredictions;
    let folder: string;

    beforeAll(() => {
      const original = shared('datasets', 'wider', 'predictions', 'retinaface-mnet025-quarter-float');
      const read = readPredictions(original, scoringProtocol('python'));
      // The events 0, 12, 24 ... keep the copies small.
      const kept = new Set(read.images.filter((name) => Number.parseInt(name, 10) % 12 === 0));
      predictions = restrictPredictions(read, kept);
      groundTruth = restrictGroundTruth(loadGroundTruth(shared('datasets', 'wider', 'ground_truth')), kept);
      folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-'));
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    /** Write a copy of the predictions with every file's detections changed, and read it again. */
    function copy(how: (rows: Rows, image: number) => Rows): WiderPredictions {
      for (const [name, rows] of Object.entries(rowsOf(spoil(predictions, how)))) {
        const file = path.join(folder, `${name}.txt`);
        mkdirSync(path.dirname(file), { recursive: true });
        const lines = [path.basename(name), rows.length, ...rows.map((row) => row.join(' ')), ''];
        writeFileSync(file, lines.join('\n'));
      }
      return readPredictions(folder, scoringProtocol('python'));
    }

    it('finds nothing in the copy as it is', () => {
      expect(
        diagnosisOf(
          groundTruth,
          copy((rows) => rows),
        ),
      ).toEqual([]);
    });

    it.each(spoiled)('names $what as $code', ({ spoil: how, code, level, fix }) => {
      const found = diagnosisOf(groundTruth, copy(how));
      expect(found.find((one) => one.code === code)?.fix).toMatch(fix);
      expect(found[0]).toMatchObject({ code, level });
    });
  },
);
