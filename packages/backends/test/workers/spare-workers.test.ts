import { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { waitUntil } from '../../../../tools/tests/wait-until.js';
import { openCrew, SpareWorkers } from '../../src/workers/index.js';

// Its result of a file is the number in it, squared.
const module = new URL('../../../queue/test/support/arithmetic-worker.mjs', import.meta.url);
let spares: SpareWorkers;
afterEach(() => spares.close());

function hasEnded(pid: number | undefined): boolean {
  try {
    process.kill(pid ?? 0, 0);
    return false;
  } catch {
    return true;
  }
}

/** The process that is taken, as the type of `take` does not say it. */
function takenFrom(held: SpareWorkers): ChildProcess {
  const taken = held.take(module);
  if (!(taken instanceof ChildProcess)) throw new Error(`expected a process, got ${taken}`);
  return taken;
}

test('processes that wait are given to one who asks for their module, each once', () => {
  spares = new SpareWorkers(module, 2);
  spares.fill();
  expect(spares.take(new URL('file:///another.js'))).toBeUndefined();
  const [a, b] = [takenFrom(spares), takenFrom(spares)];
  expect(new Set([process.pid, a.pid, b.pid]).size).toBe(3);
  expect(spares.take(module)).toBeUndefined();
  for (const child of [a, b]) child.kill('SIGKILL');
});

test('one that has ended is given to nobody, and another starts in its place', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-spares-'));
  const [ends, note] = [path.join(folder, 'ends.mjs'), path.join(folder, 'pid')];
  writeFileSync(
    ends,
    `import { writeFileSync } from 'node:fs'; writeFileSync('${note}', String(process.pid)); process.exit(5);`,
  );
  spares = new SpareWorkers(pathToFileURL(ends), 1);
  const begun: number[] = [];
  for (const count of [1, 2]) {
    spares.fill();
    await waitUntil('its end', () => existsSync(note) && hasEnded(Number(readFileSync(note, 'utf8'))));
    begun.push(Number(readFileSync(note, 'utf8')));
    rmSync(note);
    expect(spares.take(pathToFileURL(ends))).toBeUndefined();
    expect(new Set(begun).size).toBe(count);
  }
  rmSync(folder, { recursive: true, force: true });
});

test('those of a module that cannot be loaded are started three times, not for as long as a worker waits', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-spares-'));
  const [ends, starts] = [path.join(folder, 'ends.mjs'), path.join(folder, 'starts')];
  writeFileSync(
    ends,
    `import { appendFileSync } from 'node:fs'; appendFileSync('${starts}', process.pid + ' '); process.exit(5);`,
  );
  spares = new SpareWorkers(pathToFileURL(ends), 1);
  const begun = (): number[] => (existsSync(starts) ? readFileSync(starts, 'utf8').trim().split(' ').map(Number) : []);
  await waitUntil('three starts', () => {
    spares.fill();
    return begun().length >= 3 && begun().every(hasEnded);
  });
  for (let look = 0; look < 20; look++) {
    spares.fill();
    await sleep(50);
  }
  expect(begun()).toHaveLength(3);
  rmSync(folder, { recursive: true, force: true });
});

test('none outlives its closing, and none is started after it', async () => {
  spares = new SpareWorkers(module, 1);
  spares.fill();
  const taken = takenFrom(spares);
  spares.fill();
  spares.close();
  expect(spares.take(module)).toBeUndefined();
  // What was taken is the caller's.
  expect(hasEnded(taken.pid)).toBe(false);
  taken.kill('SIGKILL');
  await waitUntil('its end', () => hasEnded(taken.pid));
});

test('a crew takes those that wait, starts others where there is none, and does its work', async () => {
  spares = new SpareWorkers(module, 1);
  spares.fill();
  const crew = openCrew<object, object, object>({ module, workers: 2, init: { ms: 0 }, spares });
  const outcomes = await Promise.all([0, 1, 2].map(() => crew.run({ file: import.meta.filename })));
  // What is in this file is no number: its square is none either.
  expect(outcomes).toMatchObject([0, 1, 2].map(() => ({ kind: 'done', result: { square: Number.NaN } })));
  expect(spares.take(module)).toBeUndefined();
  crew.close();
});
