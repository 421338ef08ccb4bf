// A fleet of four workers on a queue with Redis, and all that can happen to it: workers killed at random, a worker stopped for
// longer than its lock, the server killed and started again, a worker cut off the network, the coordinator killed, its disk full.
// Every finished run is held against one of a single process, byte for byte, and repeated work against the number of faults.
//
//   npx nx run cli:build && node tools/faults/kill-fleet.mjs [--kills 30] [--limit 150] [--seed 1] [--only kills,stop,...]
//
// Exits 0 if nothing was lost and nothing differs, 1 otherwise.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { seededRandom } from '@retinabench/core';
import { atExit } from './at-exit.mjs';
import { conclude, expect, skip } from './expectations.mjs';
import { detectedImages, differences, predictionsOf } from './folder-content.mjs';
import { canCutOff, makeNamespace } from './network.mjs';
import { signalProcess } from './processes.mjs';
import { runOrThrow, start, workFolder } from './program.mjs';
import { hasRedis, startRedis } from './servers.mjs';
import { canMount, mountTmpfs } from './tmpfs.mjs';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '30' },
    limit: { type: 'string', default: '150' },
    seed: { type: 'string', default: '1' },
    unit: { type: 'string', default: '5' },
    only: { type: 'string' },
  },
});
const workers = 4;
/** The least that the program takes, in seconds. */
const lockS = 60;
const random = seededRandom(Number(values.seed));
const work = workFolder('kill-fleet');
const isChosen = (part) => values.only === undefined || values.only.split(',').includes(part);

if (!hasRedis) {
  skip('the fleet', 'redis-server is not installed');
  conclude();
  process.exit();
}
const redis = await startRedis(work, '--protected-mode', 'no');
const urlOf = (host) => `redis://${host}:${redis.port}`;
const url = urlOf('127.0.0.1');
const detecting = ['--limit', values.limit];
const predict = (folder) => ['wider', 'predict', '--quiet', '--pred', folder, ...detecting];
const onQueue = (folder) => [...predict(folder), '--queue', url, '--unit', values.unit];

const fleet = new Map();
atExit(() => {
  for (const { child } of fleet.values()) child.kill('SIGKILL');
});

/** Start a worker at a place of the fleet. */
function hire(place, host = '127.0.0.1', command = undefined) {
  const args = ['worker', '--queue', urlOf(host), '--workers', '1', '--name', `w${place}`, '--quiet'];
  fleet.set(place, start(args, command === undefined ? {} : { command }));
}

const calm = path.join(work, 'calm');
runOrThrow(predict(calm));
const expected = predictionsOf(calm);
for (let place = 0; place < workers; place++) hire(place);

/** Images that the fleet was given more than once, as the coordinator says it. */
const repeatedIn = (stderr) => Number(/(\d+) images given out again/.exec(stderr)?.[1] ?? 0);

/**
 * Hold a finished run against the calm one.
 *
 * @param faults that happened to workers and server, each of which may cost what a worker has in hand: two units.
 */
function check(what, folder, { status, stderr }, faults) {
  expect(`${what}: exit code 0`, status === 0, stderr);
  const differing = differences(expected, predictionsOf(folder));
  expect(`${what}: ${expected.size} prediction files equal those of one process`, differing.length === 0, differing);
  const images = detectedImages(folder);
  expect(
    `${what}: each image stands once in the log`,
    new Set(images).size === images.length && images.length === expected.size,
  );
  const repeated = repeatedIn(stderr);
  const most = faults * 2 * Number(values.unit);
  expect(`${what}: ${repeated} images given out again, at most ${most} (${faults} faults)`, repeated <= most);
  rmSync(folder, { recursive: true, force: true });
}

/** Run a prediction on the fleet while something happens to it: `disturb` resolves to the number of faults. */
async function disturbed(what, disturb) {
  const folder = path.join(work, what.replaceAll(/\W+/g, '-'));
  const args = onQueue(folder).filter((arg) => arg !== '--quiet');
  const run = start(args);
  const isRunning = () => run.child.exitCode === null && run.child.signalCode === null;
  const faults = await disturb(isRunning, folder);
  check(what, folder, await run.ended, faults);
}

/** Wait until a run has some images in its log. */
async function underway(folder, isRunning) {
  while (isRunning()) {
    try {
      if (detectedImages(folder).length >= 2 * Number(values.unit)) return;
    } catch {
      // Its log is not there yet.
    }
    await sleep(50);
  }
}

if (isChosen('kills')) {
  let killed = 0;
  for (let round = 1; killed < Number(values.kills); round++) {
    await disturbed(`SIGKILL of workers, round ${round}`, async (isRunning, folder) => {
      let faults = 0;
      await underway(folder, isRunning);
      // Towards the end most workers have nothing in hand, and a kill is none.
      const isBusy = () => isRunning() && detectedImages(folder).length < 0.8 * expected.size;
      while (isBusy() && killed < Number(values.kills)) {
        await sleep(1000 + random() * 3000);
        if (!isBusy()) break;
        const place = Math.floor(random() * workers);
        fleet.get(place).child.kill('SIGKILL');
        killed++;
        faults++;
        hire(place);
      }
      return faults;
    });
  }
  console.log(`     ${killed} workers killed`);
}

if (isChosen('stop')) {
  await disturbed('SIGSTOP for longer than the lock, then SIGCONT', async (isRunning, folder) => {
    await underway(folder, isRunning);
    const { pid } = fleet.get(0).child;
    signalProcess(pid, 'SIGSTOP');
    await sleep((lockS + 20) * 1000);
    signalProcess(pid, 'SIGCONT');
    return 1;
  });
}

if (isChosen('server')) {
  await disturbed('SIGKILL of Redis, twice', async (isRunning, folder) => {
    await underway(folder, isRunning);
    for (let time = 0; time < 2; time++) {
      await redis.kill();
      await sleep(2000);
      await redis.restart();
      await sleep(3000);
    }
    // A crash costs what was done in the second before it, at any worker.
    return 2 * workers;
  });
}

if (isChosen('network')) {
  if (!canCutOff()) skip('a worker cut off the network', 'network namespaces need root, ip and Linux');
  else {
    const { hostAddress, command, cut, connect } = makeNamespace();
    hire(workers, hostAddress, command);
    await sleep(3000);
    await disturbed('a worker cut off the network and connected again', async (isRunning, folder) => {
      await underway(folder, isRunning);
      cut();
      await sleep((lockS + 20) * 1000);
      connect();
      return 1;
    });
    fleet.get(workers).child.kill('SIGKILL');
    fleet.delete(workers);
  }
}

if (isChosen('coordinator')) {
  const folder = path.join(work, 'coordinator');
  let killed = 0;
  for (let time = 0; time < 4; time++) {
    const run = start(onQueue(folder));
    await sleep(1500 + random() * 3000);
    if (run.child.exitCode === null) killed++;
    run.child.kill('SIGKILL');
    await run.ended;
  }
  const args = onQueue(folder).filter((arg) => arg !== '--quiet');
  const second = start(args);
  check(`SIGKILL of the coordinator, ${killed} times`, folder, await second.ended, killed * workers);
}

if (isChosen('disk')) {
  if (!canMount()) skip('a full disk at the coordinator', 'mounting needs root and Linux');
  else {
    const disk = path.join(work, 'disk');
    const { resize } = mountTmpfs(disk, '64k');
    const folder = path.join(disk, 'run');
    const full = await start(onQueue(folder)).ended;
    expect(
      'a full disk at the coordinator: exit code 3, and what to do',
      full.status === 3 && /make room|ENOSPC/.test(full.stderr),
      full.stderr,
    );
    resize('64m');
    const args = onQueue(folder).filter((arg) => arg !== '--quiet');
    check('a full disk at the coordinator, then room', folder, await start(args).ended, workers);
  }
}
conclude();
process.exit();
