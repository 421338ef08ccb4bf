/**
 * COCO's numbers of full WIDER FACE validation and of ten times as many images, beside pycocotools and faster-coco-eval on the
 * same files in the same run: CPU seconds on one thread and peak memory of a process each. Ranking, pairs, matching and
 * accumulation are timed here; evaluate() and accumulate() there; reading apart. The peers are those of the Python that
 * PEERS_PYTHON names; without it they are left out.
 *
 *     npx nx run eval-detection:bench-score
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadAnnotations, loadPredictions, matchImages } from '@retinabench/annotations';
import { quantile } from '@retinabench/results';
import { writeRepeatedSet } from './repeated-set.js';

const wider = path.resolve(process.env.RETINABENCH_SHARED ?? '../shared', 'datasets', 'wider');
const python = process.env.PEERS_PYTHON;
const rounds = Number(process.env.ROUNDS ?? 3);
const peers = (process.env.PEERS ?? 'faster-coco-eval,pycocotools').split(',');
const sizes = (process.env.TIMES ?? '1,10').split(',').map(Number);

type Measured = Readonly<Record<string, number>>;

function run(command: string, ...args: string[]): Measured {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1e9 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

function main(): void {
  if (!existsSync(wider)) {
    console.log('the shared data folder is absent: nothing measured');
    return;
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-bench-'));
  try {
    const truth = loadAnnotations(path.join(wider, 'wider_face_val_bbx_gt.txt'));
    const read = loadPredictions(path.join(wider, 'predictions', 'retinaface-mnet025-original'), {
      annotations: truth,
    });
    const { predictionOf } = matchImages(truth.annotations, read.predictions);
    for (const times of sizes) {
      const files = {
        truth: path.join(folder, `gt-${times}.json`),
        predictions: path.join(folder, `dt-${times}.json`),
      };
      const count = writeRepeatedSet(truth.annotations, read.predictions, predictionOf, times, files);
      console.log(
        `${count.images} images, ${count.faces} faces, ${count.detections} detections (n = ${rounds}, ${os.cpus()[0]?.model.trim()}, Node ${process.version})`,
      );
      compare(files);
      const command = wholeCommand(folder, files);
      console.log(
        `  the command score with diagnosis, all metrics and intervals: ${command.cpu.toFixed(1)} CPU s, peak ${command.peakMb.toFixed(0)} MB`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `retinabench score` on the files, once. */
function wholeCommand(folder: string, files: { readonly truth: string; readonly predictions: string }): Measured {
  const usage = path.join(folder, 'usage.json');
  const program = path.join(process.cwd(), 'packages/cli/dist/main.js');
  const args = ['score', '--gt', files.truth, '--pred', files.predictions, '--missing', 'empty', '--quiet'];
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      '--import',
      pathToFileURL(path.join(import.meta.dirname, 'usage.js')).href,
      program,
      ...args,
      '--out',
      path.join(folder, 'record.json'),
    ],
    { encoding: 'utf8', maxBuffer: 1e9, env: { ...process.env, USAGE_FILE: usage } },
  );
  if (status !== 0) throw new Error(`retinabench ${args.join(' ')}: ${stderr}`);
  return JSON.parse(readFileSync(usage, 'utf8')) as Measured;
}

function compare(files: { readonly truth: string; readonly predictions: string }): void {
  const results = new Map<string, Measured[]>();
  const keep = (name: string, measured: Measured): void => {
    results.set(name, [...(results.get(name) ?? []), measured]);
  };
  for (let round = 0; round < rounds; round++) {
    keep(
      'retinabench',
      run(process.execPath, path.join(import.meta.dirname, 'measure.js'), files.truth, files.predictions),
    );
    if (python === undefined) continue;
    const script = path.join(process.cwd(), 'packages/eval-detection/bench/peers/coco.py');
    for (const peer of peers) {
      // pycocotools takes minutes: once.
      if (peer === 'pycocotools' && round > 0) continue;
      keep(peer, run(python, script, peer, files.truth, files.predictions));
    }
  }
  const median = (name: string, of: (measured: Measured) => number): number =>
    quantile((results.get(name) ?? []).map(of), 0.5);
  const own = (m: Measured): number => m.prepare + m.match;
  const peer = (m: Measured): number => m.evaluate + m.accumulate;
  console.log(
    `  retinabench       COCO ${median('retinabench', own).toFixed(2)} s (ranks and pairs ${median('retinabench', (m) => m.prepare).toFixed(2)}, matching and accumulation ${median('retinabench', (m) => m.match).toFixed(2)}), reading ${median('retinabench', (m) => m.read).toFixed(2)} s, peak ${median('retinabench', (m) => m.peakCocoMb).toFixed(0)} MB; all metrics with intervals ${median('retinabench', (m) => m.all).toFixed(2)} s, peak ${median('retinabench', (m) => m.peakMb).toFixed(0)} MB`,
  );
  const ap = results.get('retinabench')?.[0]?.ap ?? 0;
  for (const name of results.keys()) {
    if (name === 'retinabench') continue;
    const seconds = median(name, peer);
    const off = Math.abs((results.get(name)?.[0]?.ap ?? 0) - ap);
    console.log(
      `  ${name.padEnd(17)} COCO ${seconds.toFixed(2)} s (${(seconds / median('retinabench', own)).toFixed(1)} x), reading ${median(name, (m) => m.read).toFixed(2)} s, peak ${median(name, (m) => m.peakMb).toFixed(0)} MB; AP off by ${off.toExponential(1)}`,
    );
  }
}

main();
