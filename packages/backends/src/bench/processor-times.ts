/** Time of processors since the machine started, in ticks. */
export interface ProcessorTimes {
  /** Spent on anything: programs, the kernel, what a hypervisor took for others. */
  readonly busy: number;
  /** Busy and idle. */
  readonly all: number;
}

/**
 * Read the times of processors.
 *
 * @param stat text of `/proc/stat`.
 * @param processors numbers of those that count; undefined: all.
 * @returns undefined where the text names none of them.
 * Source: proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal; guests are part of user.
 */
export function parseProcessorTimes(stat: string, processors?: ReadonlySet<number>): ProcessorTimes | undefined {
  let busy = 0;
  let all = 0;
  for (const line of stat.split('\n')) {
    const [name, ...numbers] = line.trim().split(/\s+/);
    const number = /^cpu(\d+)$/.exec(name)?.[1];
    if (number === undefined || (processors !== undefined && !processors.has(Number(number)))) continue;
    const ticks = numbers.slice(0, 8).map(Number);
    const total = ticks.reduce((sum, value) => sum + value, 0);
    all += total;
    busy += total - (ticks[3] ?? 0) - (ticks[4] ?? 0);
  }
  return all > 0 ? { busy, all } : undefined;
}
