import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { defaultGateConfig, interleavedRules, reportGate } from '@retinabench/report';
import { compareInterleaved } from '../src/gate/latency/interleave.js';

/** What of one process is made worse: factors of the times, milliseconds added, or counts. */
interface Planted {
  readonly name: string;
  /** Factor of every repetition. */
  readonly all?: number;
  /** Every so many-th repetition ... */
  readonly every?: number;
  /** ... takes so many milliseconds more. */
  readonly addMs?: number;
  readonly firstRun?: number;
  readonly load?: number;
  readonly memory?: number;
  readonly faces?: number;
}

/** The cells of the table: what is planted in the head. Repetitions take 20 ms. */
const cells: readonly Planted[] = [
  { name: 'nothing (A/A)' },
  { name: 'every repetition 10 % slower', all: 1.1 },
  { name: 'every tenth repetition takes 25 ms more', every: 10, addMs: 25 },
  { name: 'every twentieth takes 25 ms more', every: 20, addMs: 25 },
  { name: 'one in fifty takes 200 ms more', every: 50, addMs: 200 },
  { name: 'first run takes twice as long', firstRun: 2 },
  { name: 'loading takes twice as long', load: 2 },
  { name: 'loading takes 100 times as long', load: 100 },
  { name: 'memory grows by 30 %', memory: 1.3 },
  { name: 'no face found', faces: 0 },
  { name: 'a third of the faces found', faces: 4 },
  { name: 'eleven of twelve faces found', faces: 11 },
];

/** Spread of a process, of a repetition (as a share), and share of repetitions that something else disturbs. */
const noises = [
  { name: 'quiet', process: 0.01, repetition: 0.02, disturbed: 0.01 },
  { name: 'busy', process: 0.05, repetition: 0.05, disturbed: 0.05 },
] as const;

/**
 * A command that prints what `bench` prints, of 100 repetitions with log-normal noise; the times are drawn, not spent, so
 * that a process takes milliseconds. The seed is a counter in a file: every process draws another sample, and the same
 * campaign the same ones.
 */
const script = `count=$(cat "$1"); count=$((count + 1)); echo $count > "$1"
awk -v seed=$count -v all=$2 -v every=$3 -v add=$4 -v first=$5 -v load=$6 -v memory=$7 -v faces=$8 -v sp=$9 -v sr=\${10} -v dist=\${11} '
function normal() { return sqrt(-2 * log(1 - rand())) * cos(6.283185307179586 * rand()) }
BEGIN {
  srand(seed); for (i = 0; i < 20; i++) rand()
  process = exp(sp * normal()); n = 100; start = int(rand() * (every > 0 ? every : 1))
  for (i = 0; i < n; i++) {
    ms = 20 * all * process * exp(sr * normal())
    if (rand() < dist) ms *= 1 + 2 * rand()
    if (every > 0 && (i + start) % every == 0) ms += add
    if (i == 0) ms = 40 * first * process * exp(5 * sr * normal())
    printf "%s%.4f", (i == 0 ? "{\\"latencyMs\\": {\\"total\\": [" : ","), ms
  }
  printf "]}, \\"onceMs\\": {\\"load\\": %.3f}, \\"memoryPeakBytes\\": %d, \\"metrics\\": {\\"faces\\": %d}}\\n",
    80 * load * exp(5 * sr * normal()), 1e8 * memory * exp(0.02 * normal()), faces
}'
`;

/**
 * Does the gate see what is planted, and does it cry wolf where nothing is? Every cell of the table `runs` times by the
 * rules of a gate without a configuration; prints a row a cell as Markdown.
 */
export async function guardCampaign(runs: number): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-guards-'));
  const file = path.join(folder, 'times.sh');
  const counter = path.join(folder, 'count');
  writeFileSync(file, script);
  writeFileSync(counter, '0');
  const config = defaultGateConfig();
  const rules = interleavedRules(config);
  const command = (planted: Planted, noise: (typeof noises)[number]): string => {
    const { all = 1, every = 0, addMs = 0, firstRun = 1, load = 1, memory = 1, faces = 12 } = planted;
    const args = [all, every, addMs, firstRun, load, memory, faces, noise.process, noise.repetition, noise.disturbed];
    return `sh "${file}" "${counter}" ${args.join(' ')}`;
  };
  console.log('| planted | machine | pass | warn | fail | inconclusive | rules that failed or warned | pairs each |');
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  try {
    for (const noise of noises) {
      for (const planted of cells) {
        const tally: Record<string, number> = { pass: 0, warn: 0, fail: 0, inconclusive: 0 };
        const named: Record<string, number> = {};
        let pairs = 0;
        for (let run = 0; run < runs; run++) {
          const results = await compareInterleaved(
            { quiet: true, json: false },
            {
              base: { command: command({ name: 'base' }, noise) },
              head: { command: command(planted, noise) },
              rules,
              maxPairs: 135,
              seed: run,
              signal: new AbortController().signal,
            },
          );
          tally[reportGate(results, config, 'base', 'head').verdict]++;
          for (const { rule, verdict } of results) {
            if (verdict === 'fail' || verdict === 'warn') named[rule] = (named[rule] ?? 0) + 1;
          }
          pairs += results[0].values.pairs;
        }
        const counts = Object.values(tally).join(' | ');
        const which = Object.entries(named).map(([rule, count]) => `\`${rule}\` ${count}`);
        console.log(
          `| ${planted.name} | ${noise.name} | ${counts} | ${which.join(', ')} | ${(pairs / runs).toFixed(1)} |`,
        );
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
