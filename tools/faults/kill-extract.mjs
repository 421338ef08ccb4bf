// Kills `ijbc extract` with SIGKILL at random moments, also while it moves the finished files to their places, starts it
// again each time, and holds every finished extraction against an undisturbed one, byte for byte.
//
//   npx nx run cli:build && node tools/faults/kill-extract.mjs [--kills 15] [--limit 48] [--seed 1]
//
// Exits 0 if nothing was lost, nothing differs and nothing is left over, 1 otherwise.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '@retinabench/core';
import { conclude, expect } from './expectations.mjs';
import { contentOf, differences } from './folder-content.mjs';
import { killAtRandom } from './kill.mjs';
import { runOrThrow, workFolder } from './program.mjs';
import { extractionFlags } from './small-faces.mjs';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '15' },
    limit: { type: 'string', default: '48' },
    seed: { type: 'string', default: '1' },
  },
});
const work = workFolder('kill-extract');
const { flags, name } = extractionFlags(Number(values.limit));
const calm = path.join(work, 'calm');
const killed = path.join(work, 'killed');
const features = path.join(killed, 'features.npy');
const extract = (folder) => ['ijbc', 'extract', '--quiet', ...flags, '--out', path.join(folder, 'features.npy')];
for (const folder of [calm, killed]) mkdirSync(folder);

runOrThrow(extract(calm));
const startedMs = performance.now();
runOrThrow([...extract(calm), '--fresh']);
const calmMs = performance.now() - startedMs;
const expected = contentOf(calm);

/** Images that the log holds twice. */
function loggedTwice() {
  const log = `${features}.run/images.jsonl`;
  if (!existsSync(log)) return 0;
  // The last line may be torn.
  const lines = readFileSync(log, 'utf8').split('\n').slice(0, -1);
  const images = lines.map((line) => JSON.parse(line).image);
  return images.length - new Set(images).size;
}

/** What a kill left: features that claim to be finished (features.json says so) are whole. */
function checkKilled() {
  const twice = loggedTwice();
  if (twice > 0) expect('each image was extracted once', false, `${twice} twice`);
  if (!existsSync(path.join(killed, 'features.json'))) return;
  const shown = contentOf(killed, (file) => !file.includes('.run'));
  const differing = differences(expected, shown);
  expect('what was in place when it was killed is whole', differing.length === 0, differing.join(', '));
}

/** Of a finished extraction. */
function check() {
  const differing = differences(expected, contentOf(killed));
  expect(
    `features, mirrored features, points and settings equal the undisturbed ones`,
    differing.length === 0,
    differing.join(', '),
  );
  expect('nothing is left over', readdirSync(killed).length === expected.size, readdirSync(killed).join(', '));
  rmSync(killed, { recursive: true });
  mkdirSync(killed);
}

/** Every third kill falls into the moment in which the files move. */
async function moveBegins(isRunning) {
  while (isRunning() && !existsSync(`${features}.run/finishing`)) await new Promise(setImmediate);
}

const random = seededRandom(Number(values.seed));
const count = await killAtRandom({
  kills: Number(values.kills),
  random,
  longestMs: calmMs,
  args: extract(killed),
  moment: ({ killed: done }, isRunning) => (done % 3 === 2 ? moveBegins(isRunning) : undefined),
  afterKill: checkKilled,
  afterFinish: check,
});
runOrThrow(extract(killed));
check();
conclude(`${name}: ${count.killed} kills, ${count.finished + 1} extractions that finished`);
