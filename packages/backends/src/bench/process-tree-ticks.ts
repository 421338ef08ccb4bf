/** What `/proc/PID/stat` says of a process. */
export interface ProcessTicks {
  readonly pid: number;
  readonly parent: number;
  /** Processor time, in ticks: its own, and that of its children that ended. */
  readonly ticks: number;
}

/**
 * Read one process.
 *
 * @param stat text of `/proc/PID/stat`; its second field may hold spaces and brackets.
 * @returns undefined for a text of another form.
 * Source: proc_pid_stat(5): (1) pid, (4) ppid, (14) utime, (15) stime, (16) cutime, (17) cstime.
 */
export function parseProcessTicks(stat: string): ProcessTicks | undefined {
  const pid = Number.parseInt(stat, 10);
  const fields = stat
    .slice(stat.lastIndexOf(')') + 1)
    .trim()
    .split(/\s+/);
  // The first of these is field 3.
  const parent = Number(fields[1]);
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return fields.length >= 15 && [pid, parent, ticks].every(Number.isInteger) ? { pid, parent, ticks } : undefined;
}

/**
 * Processor time of a process and everything that it started, in ticks: children that ended count with whom they
 * belonged to, so that the sum never falls.
 */
export function processTreeTicks(processes: readonly ProcessTicks[], root: number): number {
  const children = new Map<number, ProcessTicks[]>();
  for (const process of processes) children.set(process.parent, [...(children.get(process.parent) ?? []), process]);
  let sum = processes.find(({ pid }) => pid === root)?.ticks ?? 0;
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    for (const child of children.get(pid) ?? []) {
      sum += child.ticks;
      waiting.push(child.pid);
    }
  }
  return sum;
}
