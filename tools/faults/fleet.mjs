// A fleet of workers on a queue, and runs of `wider predict` on it to which something happens: every finished run is held against
// one of a single process, byte for byte, and repeated work against the number of faults.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atExit } from './at-exit.mjs';
import { expect } from './expectations.mjs';
import { detectedImages, differences, predictionsOf } from './folder-content.mjs';
import { runOrThrow, start } from './program.mjs';

/** How many workers a fleet has. */
export const workers = 4;

/**
 * Predict in one process, for what to expect, and start the workers.
 *
 * @param urlOf where the queue is, for who sees it under a name.
 * @param limit images of a run.
 * @param unit  images of a unit.
 * @param flags more of `wider predict`.
 */
export function startFleet({ urlOf, work, limit, unit, flags = [] }) {
  const predict = (folder) => ['wider', 'predict', '--quiet', '--pred', folder, '--limit', String(limit), ...flags];
  const onQueue = (folder) => [...predict(folder), '--queue', urlOf('127.0.0.1'), '--unit', String(unit)];
  const members = new Map();
  atExit(() => {
    for (const { child } of members.values()) child.kill('SIGKILL');
  });

  /** Start a worker at a place of the fleet. */
  function hire(place, { host = '127.0.0.1', ...options } = {}) {
    const args = ['worker', '--queue', urlOf(host), '--workers', '1', '--name', `w${place}`, '--quiet'];
    members.set(place, start(args, options));
    return members.get(place);
  }

  /** Kill the worker at a place. */
  function kill(place) {
    members.get(place)?.child.kill('SIGKILL');
    members.delete(place);
  }

  const calm = path.join(work, 'calm');
  runOrThrow(predict(calm));
  const expected = predictionsOf(calm);
  for (let place = 0; place < workers; place++) hire(place);

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
    const most = faults * 2 * Number(unit);
    expect(`${what}: ${repeated} images given out again, at most ${most} (${faults} faults)`, repeated <= most);
    rmSync(folder, { recursive: true, force: true });
  }

  /** Start a run that is not quiet. */
  const startRun = (folder, options) =>
    start(
      onQueue(folder).filter((arg) => arg !== '--quiet'),
      options,
    );

  /** Run a prediction on the fleet while something happens to it: `disturb` resolves to the number of faults. */
  async function disturbed(what, disturb) {
    const folder = path.join(work, what.replaceAll(/\W+/g, '-'));
    const run = startRun(folder);
    const isRunning = () => run.child.exitCode === null && run.child.signalCode === null;
    const faults = await disturb(isRunning, folder, run);
    check(what, folder, await run.ended, faults);
  }

  /** Wait until a run has some images in its log. */
  async function underway(folder, isRunning) {
    while (isRunning()) {
      try {
        if (detectedImages(folder).length >= 2 * Number(unit)) return;
      } catch {
        // Its log is not there yet.
      }
      await sleep(50);
    }
  }

  return { members, images: expected.size, onQueue, hire, kill, check, startRun, disturbed, underway };
}

/** Images that the fleet was given more than once, as the coordinator says it. */
function repeatedIn(stderr) {
  return Number(/(\d+) images given out again/.exec(stderr)?.[1] ?? 0);
}
