// Other processes, as /proc shows them (Linux).
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Process numbers of the children of a process. */
export function childrenOf(pid) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((other) => parentOf(other) === pid);
}

function parentOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')[1]);
  } catch {
    return undefined;
  }
}

/** Process numbers of the worker processes of a run of the program. */
export function workersOf(pid) {
  return childrenOf(pid).filter((child) => {
    try {
      return readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('worker.js');
    } catch {
      return false;
    }
  });
}

/** Send a signal to a process, which may have ended by now. */
export function signalProcess(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Whether a process has a file open. */
export function hasOpen(pid, file) {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((descriptor) => linkOf(`/proc/${pid}/fd/${descriptor}`) === file);
  } catch {
    return false;
  }
}

function linkOf(place) {
  try {
    return readlinkSync(place);
  } catch {
    return undefined;
  }
}
