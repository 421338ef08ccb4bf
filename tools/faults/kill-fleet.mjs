// A fleet of four workers on a queue, and all that can happen to it: workers killed at random, a worker stopped for longer than its
// lock, the server killed and started again, a worker cut off the network, the coordinator killed, its disk full. Every finished
// run is held against one of a single process, byte for byte, and repeated work against the number of faults.
//
//   npx nx run queue:kill-fleet -- [--kills 30] [--limit 150] [--seed 1] [--server redis|postgres] [--only kills,stop,...]
//
// Exits 0 if nothing was lost and nothing differs, 1 otherwise.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { seededRandom } from '@retinabench/core';
import { conclude, expect, skip } from './expectations.mjs';
import { startFleet, workers } from './fleet.mjs';
import { detectedImages } from './folder-content.mjs';
import { canCutOff, makeNamespace } from './network.mjs';
import { signalProcess } from './processes.mjs';
import { start, workFolder } from './program.mjs';
import { hasPostgres, hasRedis, startPostgres, startRedis } from './servers.mjs';
import { canMount, mountTmpfs } from './tmpfs.mjs';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '30' },
    limit: { type: 'string', default: '150' },
    seed: { type: 'string', default: '1' },
    unit: { type: 'string', default: '5' },
    server: { type: 'string', default: 'redis' },
    only: { type: 'string' },
  },
});
/** The least that the program takes, in seconds. */
const lockS = 60;
const random = seededRandom(Number(values.seed));
const work = workFolder('kill-fleet');
const isChosen = (part) => values.only === undefined || values.only.split(',').includes(part);
const kinds = {
  redis: { name: 'Redis', isThere: hasRedis, begin: () => startRedis(work, '--protected-mode', 'no') },
  postgres: { name: 'PostgreSQL', isThere: hasPostgres, begin: () => startPostgres() },
};
const kind = kinds[values.server];
if (kind === undefined) throw new Error(`--server: expected ${Object.keys(kinds).join(' or ')}, got ${values.server}`);

if (!kind.isThere) {
  skip('the fleet', `${kind.name} is not installed`);
  conclude();
  process.exit();
}
const server = await kind.begin();
const fleet = startFleet({ urlOf: server.urlOf, work, limit: values.limit, unit: values.unit });
const { members, images, onQueue, hire, kill, check, startRun, disturbed, underway } = fleet;

if (isChosen('kills')) {
  let killed = 0;
  for (let round = 1; killed < Number(values.kills); round++) {
    await disturbed(`SIGKILL of workers, round ${round}`, async (isRunning, folder) => {
      let faults = 0;
      await underway(folder, isRunning);
      // Towards the end most workers have nothing in hand, and a kill is none.
      const isBusy = () => isRunning() && detectedImages(folder).length < 0.8 * images;
      while (isBusy() && killed < Number(values.kills)) {
        await sleep(1000 + random() * 3000);
        if (!isBusy()) break;
        const place = Math.floor(random() * workers);
        kill(place);
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
    const { pid } = members.get(0).child;
    signalProcess(pid, 'SIGSTOP');
    await sleep((lockS + 20) * 1000);
    signalProcess(pid, 'SIGCONT');
    return 1;
  });
}

if (isChosen('server')) {
  await disturbed(`SIGKILL of ${kind.name}, twice`, async (isRunning, folder) => {
    await underway(folder, isRunning);
    for (let time = 0; time < 2; time++) {
      await server.kill();
      await sleep(2000);
      await server.restart();
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
    hire(workers, { host: hostAddress, command });
    await sleep(3000);
    await disturbed('a worker cut off the network and connected again', async (isRunning, folder) => {
      await underway(folder, isRunning);
      cut();
      await sleep((lockS + 20) * 1000);
      connect();
      return 1;
    });
    kill(workers);
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
  check(`SIGKILL of the coordinator, ${killed} times`, folder, await startRun(folder).ended, killed * workers);
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
    check('a full disk at the coordinator, then room', folder, await startRun(folder).ended, workers);
  }
}
conclude();
process.exit();
