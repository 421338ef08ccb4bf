// Kills a command with SIGKILL at random moments and starts it again, until it has been killed often enough.
import { setTimeout as sleep } from 'node:timers/promises';
import { start } from './program.mjs';

/**
 * @param kills       how often.
 * @param random      seeded; chooses the moments.
 * @param longestMs   no later than this after a start; shorter than the command takes, or it will rarely be killed.
 * @param args        the command, or a function of the number of starts so far.
 * @param options     of the process.
 * @param moment      instead of a random time: resolves when to kill; told how many were killed, and whether it still runs.
 * @param afterKill   looks at what is left.
 * @param afterFinish looks at what a run gave that ended before its kill, and makes room for the next one.
 * @returns how many were killed, and how many ended first.
 */
export async function killAtRandom({ kills, random, longestMs, args, options, moment, afterKill, afterFinish }) {
  const count = { killed: 0, finished: 0 };
  while (count.killed < kills) {
    const asked = typeof args === 'function' ? args(count.killed + count.finished) : args;
    const { child, ended } = start(asked, options);
    const isRunning = () => child.exitCode === null && child.signalCode === null;
    const when = moment?.(count, isRunning) ?? sleep(100 + random() * longestMs);
    when.then(() => child.kill('SIGKILL'));
    const { signal, status, stderr } = await ended;
    if (signal === 'SIGKILL') {
      count.killed++;
      await afterKill?.(count);
    } else {
      if (status !== 0) throw new Error(`retinabench ${asked.join(' ')} exited with ${status}: ${stderr}`);
      count.finished++;
      await afterFinish?.(count);
    }
  }
  return count;
}
