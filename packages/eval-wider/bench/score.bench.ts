/**
 * The stages of scoring full WIDER FACE validation with the public predictions of the shared data folder, or a made-up
 * run of the same size where that is absent. Prints the first round, which is what a command pays, and the median, p95
 * and MAD of all rounds.
 *
 *     npx nx run eval-wider:bench-score
 */
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { apInterval, quantile, splits, sumCurves } from '@retinabench/results';
import { cocoAp } from '../src/coco/average-precision.js';
import { breakDown } from '../src/evaluate/breakdown.js';
import { apLost } from '../src/evaluate/contribution.js';
import { diagnose, loadGroundTruth, matchRun, readPredictions, scoringProtocol } from '../src/index.js';
import { alignDetections } from '../src/predictions/align.js';
import { imageCurves } from '../src/score/image-curves.js';
import { syntheticRun } from '../test/synthetic.js';

const wider = path.resolve(process.env.RETINABENCH_SHARED ?? '../shared', 'datasets', 'wider');
const predictionsFolder = path.join(wider, 'predictions', 'retinaface-mnet025-original');
const isReal = existsSync(predictionsFolder);
const madeUp = isReal ? undefined : syntheticRun(1, 3226);
const protocol = scoringProtocol('python');
const rounds = Number(process.env.ROUNDS ?? 7);

const timesMs = new Map<string, { wall: number[]; cpu: number[] }>();

/** Run a stage and keep its time. */
function stage<T>(name: string, run: () => T): T {
  const before = process.cpuUsage();
  const startedMs = performance.now();
  const result = run();
  const { user, system } = process.cpuUsage(before);
  const times = timesMs.get(name) ?? { wall: [], cpu: [] };
  times.wall.push(performance.now() - startedMs);
  times.cpu.push((user + system) / 1000);
  timesMs.set(name, times);
  return result;
}

/** Everything that `wider score` computes, stage by stage; the first five make AP of the three splits. */
function evaluate(): void {
  const groundTruth = stage(
    'read ground truth',
    () => madeUp?.groundTruth ?? loadGroundTruth(path.join(wider, 'ground_truth')),
  );
  const predictions = stage(
    'read predictions',
    () => madeUp?.predictions ?? readPredictions(predictionsFolder, protocol),
  );
  stage('diagnose', () => diagnose({ groundTruth, predictions, protocol, requireSorted: false }));
  const run = stage('match', () => matchRun(groundTruth, predictions, protocol));
  const curves = stage('curves', () => splits.map((split) => imageCurves(run, groundTruth.counted[split])));
  stage('breakdown', () => breakDown(run, curves[2]));
  stage('contribution', () => curves.map(apLost));
  stage('COCO-style AP', () =>
    cocoAp(
      groundTruth,
      alignDetections(groundTruth, predictions, 'score'),
      splits.map((split) => groundTruth.counted[split]),
    ),
  );
  stage('intervals', () => curves.map((set) => apInterval(set)));
  stage('sum of curves', () => curves.map((set) => sumCurves(set)));
}

for (let round = 0; round < rounds; round++) evaluate();

console.log(
  `${isReal ? 'the public run on full validation' : 'a made-up run of 3,226 images'} (n = ${rounds}, ${os.cpus()[0]?.model.trim()}, Node ${process.version})`,
);
const cell = (ms: number): string => ms.toFixed(0).padStart(6);
for (const [name, { wall, cpu }] of timesMs) {
  const median = quantile(cpu, 0.5);
  const deviations = cpu.map((ms) => Math.abs(ms - median));
  console.log(
    `  ${name.padEnd(20)} first: CPU ${cell(cpu[0])} wall ${cell(wall[0])}   CPU ms: median ${cell(median)} p95 ${cell(quantile(cpu, 0.95))} MAD ${cell(quantile(deviations, 0.5))}`,
  );
}
console.log(`  peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
