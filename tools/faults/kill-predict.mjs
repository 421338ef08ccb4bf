// Kills a prediction run with SIGKILL at random moments, starts it again each time, and holds what comes of it against
// an undisturbed run: every prediction file byte for byte, the AP, and that no image was detected twice.
//
//   npx nx run cli:build && node tools/faults/kill-predict.mjs [--kills 20] [--limit 100] [--seed 1] [-- FLAGS of wider predict]
//
// Exits 0 if nothing was lost and nothing differs, 1 otherwise.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { seededRandom } from '@retinabench/core';

const program = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const own = process.argv.slice(2);
const split = own.indexOf('--') < 0 ? own.length : own.indexOf('--');
const { values } = parseArgs({
  args: own.slice(0, split),
  options: {
    kills: { type: 'string', default: '20' },
    limit: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
  },
});
const flags = ['--limit', values.limit, ...own.slice(split + 1)];
const root = mkdtempSync(path.join(os.tmpdir(), 'kill-predict-'));
const random = seededRandom(Number(values.seed));

function finish(folder) {
  const startedMs = performance.now();
  const args = [program, 'wider', 'predict', '--quiet', '--pred', folder, ...flags];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`wider predict exited with ${status}: ${stderr}`);
  return performance.now() - startedMs;
}

/** Start the run, kill it after a while, and say whether it was still running. */
function killAfter(folder, ms) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, 'wider', 'predict', '--quiet', '--pred', folder, ...flags], {
      stdio: 'ignore',
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), ms);
    child.on('exit', (_, signal) => {
      clearTimeout(timer);
      resolve(signal === 'SIGKILL');
    });
  });
}

function filesOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile() && file.name.endsWith('.txt'))
    .map((file) => path.relative(folder, path.join(file.parentPath, file.name)))
    .sort();
}

function finishedImages(folder) {
  const log = readFileSync(path.join(folder, '.retinabench', 'detections.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return log.map((line) => JSON.parse(line).image);
}

const calm = path.join(root, 'calm');
const killed = path.join(root, 'killed');
const calmMs = finish(calm);
let kills = 0;
while (kills < Number(values.kills)) {
  // Every start-up costs about as much as two images, so that most kills must come early for the run not to end first.
  if (await killAfter(killed, 300 + random() * (calmMs / Number(values.kills)) * 1.5)) kills++;
  else break;
}
finish(killed);

const faults = [];
const [expected, actual] = [filesOf(calm), filesOf(killed)];
if (expected.join() !== actual.join()) faults.push(`files differ: ${expected.length} and ${actual.length}`);
for (const file of expected) {
  const [left, right] = [calm, killed].map((folder) => readFileSync(path.join(folder, file)));
  if (!left.equals(right)) faults.push(`${file}: bytes differ`);
}
const images = finishedImages(killed);
if (new Set(images).size !== images.length)
  faults.push(`${images.length - new Set(images).size} images were detected twice`);
console.log(
  `${kills} kills; ${expected.length} prediction files, ${images.length} images detected once each; faults: ${faults.length}`,
);
for (const fault of faults) console.log(fault);
rmSync(root, { recursive: true });
process.exitCode = faults.length === 0 && kills === Number(values.kills) ? 0 : 1;
