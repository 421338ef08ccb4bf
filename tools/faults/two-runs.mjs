// Starts two runs on one output at once, for `wider predict`, `ijbc extract` and `datasets pull`: the second is refused and
// says who has it, the first is not disturbed. Then kills the holder: its lock is taken over, also when its process number
// belongs to another process by then, and by one of many that ask at once.
//
//   npx nx run cli:build && node tools/faults/two-runs.mjs [--rounds 5]
//
// Exits 0 if every second run was refused and every result equals the undisturbed one, 1 otherwise.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { seededRandom } from '@retinabench/core';
import { conclude, expect } from './expectations.mjs';
import { contentOf, detectedImages, differences, predictionsOf } from './folder-content.mjs';
import { start, workFolder } from './program.mjs';
import { serveFaces } from './pull-fixture.mjs';
import { extractionFlags } from './small-faces.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const work = workFolder('two-runs');
const faces = await serveFaces(work, { megabytes: 4, random: seededRandom(1), pauseMs: 100 });
const cache = path.join(work, 'cache');
const env = { ...process.env, RETINABENCH_CACHE: cache, RETINABENCH_MIRROR: '' };

/** Every verb with its output, its lock, and what its result is. */
const verbs = [
  {
    verb: 'wider predict',
    place: (name) => path.join(work, name),
    lock: (place) => path.join(place, '.retinabench', 'lock'),
    args: (place) => ['wider', 'predict', '--quiet', '--limit', '40', '--scale', 'vga', '--pred', place],
    content: predictionsOf,
  },
  {
    verb: 'ijbc extract',
    place: (name) => path.join(work, `${name}-features`, 'f.npy'),
    lock: (place) => path.join(`${place}.run`, 'lock'),
    args: (place) => ['ijbc', 'extract', '--quiet', ...extractionFlags(24).flags, '--out', place],
    content: (place) => contentOf(path.dirname(place)),
  },
  {
    verb: 'datasets pull',
    place: () => path.join(cache, 'datasets', 'faces'),
    lock: () => path.join(cache, 'locks', 'faces', 'lock'),
    args: () => ['datasets', 'pull', faces.manifest, '--accept-licence', '--quiet'],
    content: (place) => contentOf(path.join(place, 'images')),
    options: { env },
  },
];

async function appears(file) {
  while (!existsSync(file)) await sleep(5);
}

/** The process that a lock names. */
function holderOf(lock) {
  return JSON.parse(readFileSync(lock, 'utf8')).pid;
}

async function refuseSecond({ verb, place, lock, args, content, options }, expected) {
  const own = place('shared');
  const first = start(args(own), options);
  await appears(lock(own));
  for (const flags of [[], ['--fresh']]) {
    // Run beside this process, since a server of it may have to answer the first run.
    const second = await start([...args(own), ...flags], options).ended;
    const says = new RegExp(`in use by process ${first.child.pid}; wait for it to end or choose another`);
    expect(
      `${verb}: a second run${flags.map((flag) => ` with ${flag}`)} is refused with exit code 3 and told who has it`,
      second.status === 3 && says.test(second.stderr),
      `${second.status}: ${second.stderr}`,
    );
  }
  const { status, stderr } = await first.ended;
  const differing = differences(expected, content(own));
  expect(
    `${verb}: the first one is not disturbed`,
    status === 0 && differing.length === 0,
    `${status} ${stderr} ${differing.join(', ')}`,
  );
  expect(`${verb}: the lock is given back`, !existsSync(lock(own)));
}

async function takeOver({ verb, place, lock, args, content, options }, expected) {
  for (const recycled of [false, true]) {
    const own = place(`abandoned-${recycled}`);
    rmSync(own, { recursive: true, force: true });
    const first = start(args(own), options);
    await appears(lock(own));
    await sleep(200);
    first.child.kill('SIGKILL');
    await first.ended;
    const left = existsSync(lock(own)) && holderOf(lock(own)) === first.child.pid;
    // This process has the number now, so to say: it lives, but it is not the one that took the lock.
    if (recycled)
      writeFileSync(lock(own), JSON.stringify({ ...JSON.parse(readFileSync(lock(own), 'utf8')), pid: process.pid }));
    const { status, stderr } = await start(args(own), options).ended;
    const differing = differences(expected, content(own));
    expect(
      `${verb}: the lock of a killed run${recycled ? ', whose number another process has,' : ''} is taken over, and the result is whole`,
      left && status === 0 && differing.length === 0,
      `${left} ${status}: ${stderr} ${differing.join(', ')}`,
    );
  }
}

/** Four runs find one abandoned lock at the same moment. */
async function race({ verb, place, lock, args, content, options }, expected) {
  let winners = 0;
  let refused = 0;
  let wrong = 0;
  const rounds = Number(values.rounds);
  for (let round = 0; round < rounds; round++) {
    const own = place(`race-${round}`);
    rmSync(own, { recursive: true, force: true });
    const first = start(args(own), options);
    await appears(lock(own));
    first.child.kill('SIGKILL');
    await first.ended;
    const results = await Promise.all(Array.from({ length: 4 }, () => start(args(own), options).ended));
    winners += results.filter(({ status }) => status === 0).length;
    refused += results.filter(({ status, stderr }) => status === 3 && /in use by process \d+/.test(stderr)).length;
    if (differences(expected, content(own)).length > 0) wrong++;
    if (verb === 'wider predict') {
      const images = detectedImages(own);
      if (new Set(images).size !== images.length) wrong++;
    }
  }
  expect(
    `${verb}: four runs on an abandoned lock at once, ${rounds} times: ${winners} went on, ${refused} were refused, every result is whole and nothing was done twice`,
    winners >= rounds && winners + refused === rounds * 4 && wrong === 0,
    `${wrong} wrong`,
  );
}

for (const kind of verbs) {
  const calm = kind.place('calm');
  const { status, stderr } = await start(kind.args(calm), kind.options).ended;
  if (status !== 0) throw new Error(`${kind.verb}: ${stderr}`);
  const expected = kind.content(calm);
  if (kind.options !== undefined) rmSync(calm, { recursive: true });
  await refuseSecond(kind, expected);
  if (kind.options !== undefined) rmSync(calm, { recursive: true });
  await takeOver(kind, expected);
  if (kind.verb === 'wider predict') await race(kind, expected);
}
faces.close();
conclude();
