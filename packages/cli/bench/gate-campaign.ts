import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { seededRandom } from '@retinabench/core';
import {
  evaluateWider,
  loadGroundTruth,
  matchRun,
  readPredictions,
  scoringProtocol,
  type WiderPredictions,
} from '@retinabench/eval-wider';
import { evaluateGate, pairedApDifferences, parseGateConfig } from '@retinabench/report';
import { assertRecord, protocolId, type ResultRecord } from '@retinabench/results';
import { compareInterleaved } from '../src/gate/latency/interleave.js';
import { guardCampaign } from './guard-campaign.js';

/*
 * Does the gate cry wolf, does it sleep? Real runs, not simulated ones: interleaved latency with a busy process on every
 * core, and AP on real predictions with a planted fault. docs/gates.md has the table and the commands.
 */

const [what = 'latency', count = '100', shared = '../shared', busyProcesses = String(os.availableParallelism())] =
  process.argv.slice(2);
const runs = Number(count);
/** Keeps a processor busy for as long as the campaign lives, however that ends. */
const busyLoop = 'const parent = process.ppid; while (process.ppid === parent) for (let i = 0; i < 1e7; i++);';
const config = parseGateConfig('{ "latency.total": "error", "ap.hard": ["error", { "maxDrop": 0.002 }] }', 'campaign');

if (what === 'latency') await latencyCampaign();
else if (what === 'guards') await guardCampaign(runs);
else apCampaign();

async function latencyCampaign(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-campaign-'));
  const work = path.join(folder, 'work.mjs');
  writeFileSync(
    work,
    `function work(n) { let x = 1; for (let i = 0; i < n; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0; return x; }
const n = Math.round(1e6 * Number(process.argv[2]));
for (let i = 0; i < 5; i++) work(n);
const times = [];
for (let i = 0; i < 25; i++) { const from = performance.now(); work(n); times.push(performance.now() - from); }
console.log(JSON.stringify(times));
`,
  );
  const busy: ChildProcess[] = Array.from({ length: Number(busyProcesses) }, () =>
    spawn(process.execPath, ['-e', busyLoop], { stdio: 'ignore' }),
  );
  const rules = config.rules.filter(({ family }) => family.prefix === 'latency');
  try {
    const slowdowns = [0, 0.1, 0.05].map((slowdown) => ({ slowdown, tally: {} as Record<string, number>, pairs: 0 }));
    for (let run = 0; run < runs; run++) {
      for (const cell of slowdowns) {
        const [result] = await compareInterleaved(
          { quiet: true, json: false },
          {
            base: { command: `"${process.execPath}" "${work}" 1` },
            head: { command: `"${process.execPath}" "${work}" ${1 + cell.slowdown}` },
            rules,
            maxPairs: 135,
            seed: run,
            signal: new AbortController().signal,
          },
        );
        cell.tally[result.verdict] = (cell.tally[result.verdict] ?? 0) + 1;
        cell.pairs += result.values.pairs;
      }
      const load = os.loadavg()[0].toFixed(1);
      const cells = slowdowns.map(
        ({ slowdown, tally, pairs }) =>
          `+${slowdown * 100} %: ${JSON.stringify(tally)}, ${(pairs / (run + 1)).toFixed(1)} pairs each`,
      );
      console.log(`${run + 1} runs (load ${load}): ${cells.join('; ')}`);
    }
  } finally {
    for (const child of busy) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

function apCampaign(): void {
  const wider = path.join(shared, 'datasets/wider');
  const protocol = scoringProtocol('python', 'any');
  const groundTruth = loadGroundTruth(path.join(wider, 'ground_truth'));
  const predictions = readPredictions(path.join(wider, 'predictions/retinaface-mnet025-original'), protocol);
  const counted = groundTruth.counted.hard;
  const { detections, matches } = matchRun(groundTruth, predictions, protocol);
  const aligned: WiderPredictions = { images: groundTruth.images, ...detections };
  const hits = Array.from(detections.scores.keys()).filter(
    (d) => matches.first[d] === 1 && counted[matches.face[d]] === 1,
  );
  const recordOf = (run: WiderPredictions): ResultRecord => {
    const evaluation = evaluateWider(groundTruth, run, protocol);
    return assertRecord(
      {
        schemaVersion: 1,
        kind: 'wider',
        createdAt: new Date().toISOString(),
        dataset: { name: 'wider-val', images: groundTruth.images.length, sha256: '0'.repeat(64) },
        ...evaluation,
        protocol: { id: protocolId(evaluation.protocol), ...evaluation.protocol },
        environment: { cpu: 'any', cores: 1, memoryBytes: 1, os: 'any', node: 'any', packageVersions: {} },
      },
      'campaign',
    );
  };
  const baseline = recordOf(aligned);
  const before = baseline.ap?.hard ?? 0;
  const tally: Record<string, Record<string, number>> = {};
  const judge = (name: string, record: ResultRecord): void => {
    const { verdict } = evaluateGate(baseline, record, apOnly, pairedApDifferences());
    tally[name] ??= {};
    tally[name][verdict] = (tally[name][verdict] ?? 0) + 1;
  };
  const apOnly = { ...config, rules: config.rules.filter(({ family }) => family.prefix === 'ap') };
  for (let run = 0; run < runs; run++) {
    const random = seededRandom(run);
    judge('permuted detections', recordOf(shuffled(aligned, random)));
    const record = recordOf(without(aligned, hits, 0.0075, random));
    judge('true detections removed', record);
    const change = (record.ap?.hard ?? 0) - before;
    console.log(`run ${run}: AP ${change.toFixed(4)}; so far ${JSON.stringify(tally)}`);
  }
}

/** The same detections, in another order within each image; scoring sorts them again. */
function shuffled(run: WiderPredictions, random: () => number): WiderPredictions {
  const order = Array.from(run.scores.keys());
  for (let image = 0; image + 1 < run.start.length; image++) {
    for (let i = run.start[image + 1] - 1; i > run.start[image]; i--) {
      const j = run.start[image] + Math.floor(random() * (i - run.start[image] + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
  }
  return { ...run, ...pick(run, order) };
}

/** The run without a share of the detections that hit a counted face. */
function without(
  run: WiderPredictions,
  hits: readonly number[],
  share: number,
  random: () => number,
): WiderPredictions {
  const removed = new Set(hits.filter(() => random() < share));
  const order = Array.from(run.scores.keys()).filter((d) => !removed.has(d));
  const start = run.start.map((end) => end - countBelow(removed, end));
  return { images: run.images, start, ...pick(run, order) };
}

function countBelow(removed: ReadonlySet<number>, end: number): number {
  let count = 0;
  for (const detection of removed) if (detection < end) count++;
  return count;
}

function pick(run: WiderPredictions, order: readonly number[]): Pick<WiderPredictions, 'boxesXywh' | 'scores'> {
  const boxesXywh = new Float64Array(4 * order.length);
  order.forEach((detection, at) => {
    boxesXywh.set(run.boxesXywh.subarray(4 * detection, 4 * detection + 4), 4 * at);
  });
  return { boxesXywh, scores: Float64Array.from(order, (detection) => run.scores[detection]) };
}
