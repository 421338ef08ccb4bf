import { workerData } from 'node:worker_threads';

const parent: unknown = workerData;

/** How often the parent is looked for. */
const lookEveryMs = 500;

/** A process whose parent ends gets another one; where it keeps the old number (Windows), that number has no process. */
function hasEnded(pid: number): boolean {
  if (process.ppid !== pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

setInterval(() => {
  if (typeof parent === 'number' && hasEnded(parent)) process.kill(process.pid, 'SIGKILL');
}, lookEveryMs);
