/**
 * Errors by type and calibration on full WIDER FACE validation (3,226 images, 297,298 detections of the public run in the shared data
 * folder), beside tidecv on the same boxes in the same run. Both start from arrays in memory; reading files is left out.
 *
 *     TIDECV_PYTHON=/path/to/venv/bin/python npx nx run cli:bench-errors
 *
 * Without TIDECV_PYTHON, a Python that has tidecv 1.0.1, only this program is timed. `ROUNDS` (5) is how often each runs, in turn.
 * Processor seconds, user and system, of the process.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  analyseErrors,
  defaultFaceSettings,
  type ErrorAnalysisOptions,
  usualTideSettings,
} from '@retinabench/eval-detection';
import { loadGroundTruth, matchPredictions, readPredictions, scoringProtocol } from '@retinabench/eval-wider';
import { annotationsForErrors } from '../src/wider/analyse-wider.js';

const wider = path.resolve(process.env.RETINABENCH_SHARED ?? '../shared', 'datasets', 'wider');
const rounds = Number(process.env.ROUNDS ?? 5);
const protocol = scoringProtocol('python', 'any');
const groundTruth = loadGroundTruth(path.join(wider, 'ground_truth'));
const predictions = readPredictions(path.join(wider, 'predictions', 'retinaface-mnet025-original'), protocol);
const { detections } = matchPredictions(groundTruth, predictions, protocol);
const annotations = annotationsForErrors(groundTruth);
const { start, boxesXywh, scores } = detections;
const detected = { ranges: { first: start.slice(0, -1), end: start.slice(1) }, boxesXywh, scores };

const calibration = { binning: 'equal-width', bins: 10, fits: true } as const;
const cases: readonly (readonly [string, ErrorAnalysisOptions])[] = [
  ['TIDE and calibration', { tide: usualTideSettings, calibration: { ...calibration, fits: false } }],
  ['the same with intervals of 400 draws and fitted scores', { tide: usualTideSettings, calibration, resampling: {} }],
];

const times = new Map<string, number[]>([...cases.map(([name]) => name), 'tidecv'].map((name) => [name, []]));
const python = process.env.TIDECV_PYTHON;
const folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-tidecv-'));
try {
  if (python !== undefined) writeFileSync(path.join(folder, 'data.json'), JSON.stringify(peerData()));
  for (let round = 0; round < rounds; round++) {
    for (const [name, options] of cases) {
      const before = process.cpuUsage();
      const { tide } = analyseErrors(annotations, detected, defaultFaceSettings, {
        ...options,
        counted: 'hard',
        folders: 'event',
      });
      const { user, system } = process.cpuUsage(before);
      times.get(name)?.push((user + system) / 1e6);
      if (round === 0)
        process.stderr.write(
          `${name}: AP ${((tide?.ap ?? 0) * 100).toFixed(3)}, localisation ${((tide?.lost.localisation ?? 0) * 100).toFixed(3)}\n`,
        );
    }
    if (python !== undefined) times.get('tidecv')?.push(runPeer(python));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`| ${rounds} rounds, processor s | median | least | most |\n|---|---|---|---|`);
for (const [name, list] of times) {
  if (list.length === 0) continue;
  const sorted = [...list].sort((a, b) => a - b);
  console.log(
    `| ${name} | ${[sorted[sorted.length >> 1], sorted[0], sorted[sorted.length - 1]].map((of) => of.toFixed(2)).join(' | ')} |`,
  );
}
console.log(`\n${os.cpus()[0]?.model}, Node ${process.version}`);

function peerData(): unknown {
  return {
    faceStart: [...groundTruth.start],
    faces: [...groundTruth.boxesXywh],
    counted: [...groundTruth.counted.hard],
    start: [...start],
    boxes: [...boxesXywh],
    scores: [...scores],
  };
}

function runPeer(executable: string): number {
  const script = path.join(import.meta.dirname, '../../bench/peers/time-tidecv.py');
  const { stdout, stderr, status } = spawnSync(executable, [script, path.join(folder, 'data.json')], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`tidecv failed: ${stderr}`);
  return Number(stdout.trim().split('\n').at(-1));
}
