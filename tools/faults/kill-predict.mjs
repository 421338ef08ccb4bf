// Kills prediction runs with SIGKILL at random moments, starts them again each time, and holds every finished one against
// an undisturbed run: each prediction file byte for byte, and that no image was detected twice.
//
//   npx nx run cli:build && node tools/faults/kill-predict.mjs [--kills 15] [--limit 60] [--seed 1] [-- FLAGS of wider predict]
//
// Exits 0 if nothing was lost and nothing differs, 1 otherwise.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '@retinabench/core';
import { conclude, expect } from './expectations.mjs';
import { detectedImages, differences, predictionsOf } from './folder-content.mjs';
import { killAtRandom } from './kill.mjs';
import { runOrThrow, workFolder } from './program.mjs';

const own = process.argv.slice(2);
const split = own.indexOf('--') < 0 ? own.length : own.indexOf('--');
const { values } = parseArgs({
  args: own.slice(0, split),
  options: {
    kills: { type: 'string', default: '15' },
    limit: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
  },
});
const work = workFolder('kill-predict');
const calm = path.join(work, 'calm');
const killed = path.join(work, 'killed');
const predict = (folder) => [
  'wider',
  'predict',
  '--quiet',
  '--pred',
  folder,
  '--limit',
  values.limit,
  ...own.slice(split + 1),
];

runOrThrow(predict(calm));
const startedMs = performance.now();
runOrThrow([...predict(calm), '--fresh']);
const calmMs = performance.now() - startedMs;
const expected = predictionsOf(calm);

/** Of a finished run. */
function check() {
  const differing = differences(expected, predictionsOf(killed));
  expect(
    `${expected.size} prediction files equal those of the undisturbed run`,
    differing.length === 0,
    differing.join(', '),
  );
  const images = detectedImages(killed);
  expect('each image was detected once', new Set(images).size === images.length && images.length === expected.size);
  rmSync(killed, { recursive: true });
}

const count = await killAtRandom({
  kills: Number(values.kills),
  random: seededRandom(Number(values.seed)),
  longestMs: calmMs,
  args: predict(killed),
  afterFinish: check,
});
runOrThrow(predict(killed));
check();
conclude(`${count.killed} kills, ${count.finished + 1} runs that finished`);
