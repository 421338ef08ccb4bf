// What is asked of a fleet beside kills (kill-fleet.mjs): a server without memory, one that is a replica for a while, two
// coordinators of one run at once, and clocks that are apart, from the start or set while the fleet works. Every finished run is
// held against one of a single process, byte for byte.
//
//   npx nx run queue:fleet-states -- [--limit 100] [--only memory,replica,two,clocks,jump]
//
// Needs Redis; the clocks, PostgreSQL and libfaketime. Exits 0 if nothing was lost and nothing differs, 1 otherwise.
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { conclude, expect, skip } from './expectations.mjs';
import { fakeClock, hasFaketime } from './faketime.mjs';
import { startFleet, workers } from './fleet.mjs';
import { workFolder } from './program.mjs';
import { hasPostgres, hasRedis, startPostgres, startRedis } from './servers.mjs';

const { values } = parseArgs({
  options: {
    limit: { type: 'string', default: '100' },
    unit: { type: 'string', default: '5' },
    only: { type: 'string' },
  },
});
const work = workFolder('fleet-states');
// PostgreSQL runs as another user, and reads its clock here.
chmodSync(work, 0o755);
const isChosen = (...parts) => values.only === undefined || parts.some((part) => values.only.split(',').includes(part));

/** Wait for an event, two minutes at most. */
async function until(what, look, isRunning = () => true) {
  for (const startMs = performance.now(); performance.now() - startMs < 120_000 && isRunning(); await sleep(50)) {
    if (look()) return expect(what, true);
  }
  return expect(what, look(), 'it did not come');
}

async function onRedis() {
  if (!hasRedis) {
    skip('a server without memory, a replica, two coordinators', 'redis-server is not installed');
    return;
  }
  const server = await startRedis(work);
  const { limit, unit } = values;
  const fleet = startFleet({ urlOf: server.urlOf, work, limit, unit });
  const { disturbed, underway } = fleet;
  const admin = new Redis(server.port, '127.0.0.1');
  /** The server is not what it was until the coordinator has said so. */
  const whileIt = (what, note, begin, end) =>
    disturbed(what, async (isRunning, folder, { said }) => {
      await underway(folder, isRunning);
      await begin();
      await until(`${what}: said`, () => note.test(said()), isRunning);
      await end();
      return workers;
    });
  if (isChosen('memory')) {
    await whileIt(
      'no memory left at the server',
      /OOM command not allowed.*it goes on when/,
      () => admin.config('SET', 'maxmemory', '1'),
      () => admin.config('SET', 'maxmemory', '0'),
    );
  }
  if (isChosen('replica')) {
    await whileIt(
      'a server that is a replica for a while',
      /READONLY.*it goes on when/,
      () => admin.replicaof('127.0.0.1', '1'),
      () => admin.replicaof('NO', 'ONE'),
    );
  }
  if (isChosen('two')) {
    const folders = ['first', 'second'].map((name) => path.join(work, name));
    const runs = folders.map((folder) => fleet.startRun(folder));
    const ends = await Promise.all(runs.map(({ ended }) => ended));
    const refused = ends.filter(({ status }) => status === 3);
    expect(
      'two coordinators at once: one is refused and told who has the run',
      refused.length === 1 && /in use by process \d+ on/.test(refused[0].stderr),
      ends.map(({ stderr }) => stderr).join('\n'),
    );
    const had = ends.findIndex(({ status }) => status === 0);
    if (had >= 0) fleet.check('the coordinator that has it', folders[had], ends[had], 0);
  }
  admin.disconnect();
  for (let place = 0; place < workers; place++) fleet.kill(place);
}

async function onPostgres() {
  if (!hasPostgres || !hasFaketime) {
    skip('clocks that are apart', `${hasPostgres ? 'faketime' : 'PostgreSQL'} is not installed`);
    return;
  }
  const [ofServer, ofWorker] = ['server', 'worker'].map((name) => fakeClock(path.join(work, `clock-of-${name}`)));
  const server = await startPostgres(ofServer.env);
  const { limit, unit } = values;
  // Clocks are looked at every 5 s: large images, so that there is work left then.
  const flags = ['--scale', 'long:1600'];
  const fleet = startFleet({ urlOf: server.urlOf, work, limit, unit, flags });
  const { hire, kill, members, disturbed, underway } = fleet;
  const shifted = { env: { ...process.env, ...ofWorker.env } };
  if (isChosen('clocks')) {
    for (const [offset, which] of [
      ['+3600', 'ahead of'],
      ['-3600', 'behind'],
    ]) {
      ofWorker.set(offset);
      const { status, stderr } = await hire(workers, shifted).ended;
      expect(
        `a worker whose clock is an hour ${which} the server's is refused`,
        status === 3 && new RegExp(`clock is \\d+ s ${which} the server's`).test(stderr),
        stderr,
      );
    }
    ofWorker.set('+0');
  }
  if (isChosen('jump')) {
    const what = "a worker's clock jumps an hour ahead";
    kill(0);
    const { said } = hire(0, shifted);
    await disturbed(what, async (isRunning, folder) => {
      await underway(folder, isRunning);
      ofWorker.set('+3600');
      await until(`${what}: it says so`, () => /ahead of the server's.*none is taken here/.test(said()));
      return 0;
    });
    ofWorker.set('+0');
    const ofAll = "the server's clock jumps two hours ahead";
    await disturbed(ofAll, async (isRunning, folder, run) => {
      await underway(folder, isRunning);
      ofServer.set('+7200');
      const note = /behind the server's.*none is taken here/;
      const all = [run, ...members.values()];
      await until(`${ofAll}: all say so`, () => all.every((one) => note.test(one.said())), isRunning);
      ofServer.set('+0');
      return 0;
    });
  }
}

if (isChosen('memory', 'replica', 'two')) await onRedis();
if (isChosen('clocks', 'jump')) await onPostgres();
conclude();
process.exit();
