import { existsSync } from 'node:fs';
import path from 'node:path';
import { splits } from '@retinabench/results';
import { beforeAll, describe, expect, it } from 'vitest';
import { changes } from '../../bench/coverage/changes.js';
import { type Studied, studyCoverage } from '../../bench/coverage/study.js';
import { loadGroundTruth } from '../../src/ground-truth/load.js';
import { readPredictions } from '../../src/predictions/read-folder.js';
import { imageCurves } from '../../src/score/image-curves.js';
import { matchRun } from '../../src/score/match-run.js';
import { scoringProtocol } from '../../src/score/protocol.js';

const wider = path.resolve(process.env.RETINABENCH_SHARED ?? '../shared', 'datasets', 'wider');
const folder = path.join(wider, 'predictions', 'retinaface-mnet025-original');

/** The study of docs/intervals.md on fewer draws: 200 of them give 95 % within 1.5 points (standard error). */
describe.skipIf(!existsSync(folder))(
  '95 % intervals on the public run of WIDER FACE validation (needs the shared data folder)',
  () => {
    const studied: Studied[] = [];

    beforeAll(() => {
      const protocol = scoringProtocol('python', 'any');
      const groundTruth = loadGroundTruth(path.join(wider, 'ground_truth'));
      const run = readPredictions(folder, protocol);
      const hard = groundTruth.counted[splits[2]];
      const plain = imageCurves(matchRun(groundTruth, run, protocol), hard);
      studied.push({ name: 'AP hard', curves: plain });
      for (const name of ['score noise', '0.5 % of the images empty']) {
        const change = changes.find((one) => one.name === name);
        if (change === undefined) throw new Error(`no change ${name}`);
        const curves = imageCurves(matchRun(groundTruth, change.of(run), protocol), hard);
        studied.push({ name, curves, baseline: plain });
      }
    });

    it('hold AP and broad and rare differences 93 times in 100 at 200 images', () => {
      const options = { images: 200, draws: 200, seed: 1, replacement: true, resamples: 0 };
      for (const { held, draws, widthless } of studyCoverage(studied, options)) {
        expect(held / draws).toBeGreaterThanOrEqual(0.93);
        expect(widthless).toBe(0);
      }
    });

    it('hold a rare difference at 50 images, where the percentile bootstrap mostly has no width', () => {
      const options = { images: 50, draws: 60, seed: 2, replacement: true, resamples: 0 };
      const [now] = studyCoverage([studied[2]], options);
      const [before] = studyCoverage([studied[2]], { ...options, resamples: 50 });
      expect(now.held / now.draws).toBeGreaterThanOrEqual(0.93);
      expect(before.held / before.draws).toBeLessThan(0.5);
      expect(before.widthless / before.draws).toBeGreaterThan(0.5);
    });
  },
);
