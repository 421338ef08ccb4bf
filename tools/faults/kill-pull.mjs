// Kills `datasets pull` with SIGKILL at random moments against a local server that stalls, breaks off, ignores ranges and
// answers 503 at random, starts it again each time, and holds the data set that comes of it against the archive's content.
//
//   npx nx run cli:build && node tools/faults/kill-pull.mjs [--kills 15] [--megabytes 8] [--seed 1]
//
// Exits 0 if at no moment a data set that is not whole was visible and the last one is right, 1 otherwise.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '@retinabench/core';
import { conclude, expect } from './expectations.mjs';
import { killAtRandom } from './kill.mjs';
import { start, workFolder } from './program.mjs';
import { serveFaces } from './pull-fixture.mjs';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '15' },
    megabytes: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
  },
});
const work = workFolder('kill-pull');
const random = seededRandom(Number(values.seed));
const faces = await serveFaces(work, { megabytes: Number(values.megabytes), random, moody: true });
const cache = path.join(work, 'cache');
const root = path.join(cache, 'datasets', 'faces');
const args = ['datasets', 'pull', faces.manifest, '--accept-licence', '--quiet'];
const env = { ...process.env, RETINABENCH_CACHE: cache, RETINABENCH_MIRROR: '' };

const wrong = [];
const check = () => {
  wrong.push(...faces.wrongIn(root));
  rmSync(root, { recursive: true, force: true });
};
const count = await killAtRandom({
  kills: Number(values.kills),
  random,
  longestMs: 3800,
  args,
  options: { env },
  afterKill: check,
  afterFinish: check,
});
expect('no data set was ever visible that was not whole', wrong.length === 0, wrong.join(', '));
const last = await start(args, { env }).ended;
expect('the last pull goes through', last.status === 0 && existsSync(root), last.stderr);
const differing = faces.wrongIn(root);
expect('its data set equals its source', differing.length === 0, differing.join(', '));
const left = readdirSync(path.join(cache, 'datasets')).filter((entry) => entry !== 'faces');
expect('nothing is left over', left.length === 0, left.join(', '));
faces.close();
conclude(`${count.killed} kills, ${count.finished} pulls that ended before theirs`);
