// A memory limit that the kernel's OOM killer enforces, for one command and its children (Linux, root).
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { atExit } from './at-exit.mjs';

const roots = [
  { folder: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes' },
  { folder: '/sys/fs/cgroup', limit: 'memory.max' },
];

/**
 * A control group with at most `bytes` of memory.
 *
 * @returns the words that start a command in it and what changes its limit; undefined where there are no such groups.
 */
export function limitMemory(bytes) {
  for (const { folder, limit } of roots) {
    const group = path.join(folder, `retinabench-faults-${process.pid}`);
    try {
      if (!existsSync(path.join(folder, 'cgroup.procs'))) continue;
      mkdirSync(group);
      atExit(() => rmdirSync(group));
      const setLimit = (to) => writeFileSync(path.join(group, limit), String(to));
      setLimit(bytes);
      return {
        command: ['sh', '-c', `echo $$ > ${group}/cgroup.procs; exec "$@"`, 'sh', process.execPath],
        setLimit,
        kills: () => Number(/oom_kill (\d+)/.exec(readFileSync(path.join(group, eventsOf(limit)), 'utf8'))?.[1]),
      };
    } catch {
      // No such controller, or no right to it: the next one.
    }
  }
  return undefined;
}

function eventsOf(limit) {
  return limit === 'memory.max' ? 'memory.events' : 'memory.oom_control';
}
