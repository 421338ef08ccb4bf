import os from 'node:os';
import { quantile } from '../../../results/src/index.js';

/** One thing to time. */
export interface Competitor {
  readonly name: string;
  run(): unknown;
}

/**
 * Time competitors in turns, so that drift of the machine hits all alike, and print median, p95 and MAD of the CPU time,
 * the median of the wall time, and the ratio of CPU medians to the first. CPU time is what the process used, garbage
 * collection included; on a machine that others use too, wall time says more about them. Warm-up rounds are not counted.
 */
export function interleave(title: string, competitors: readonly Competitor[], rounds = 31, warmUp = 5): void {
  const wallMs = competitors.map(() => [] as number[]);
  const cpuMs = competitors.map(() => [] as number[]);
  for (let round = 0; round < rounds + warmUp; round++) {
    competitors.forEach(({ run }, index) => {
      const startedMs = performance.now();
      const before = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(before);
      if (round < warmUp) return;
      wallMs[index].push(performance.now() - startedMs);
      cpuMs[index].push((user + system) / 1000);
    });
  }
  console.log(`${title} (n = ${rounds}, ${os.cpus()[0]?.model.trim()}, Node ${process.version})`);
  const first = quantile(cpuMs[0], 0.5);
  competitors.forEach(({ name }, index) => {
    const median = quantile(cpuMs[index], 0.5);
    const deviations = cpuMs[index].map((timeMs) => Math.abs(timeMs - median));
    const [cpu, p95, mad, wall] = [
      median,
      quantile(cpuMs[index], 0.95),
      quantile(deviations, 0.5),
      quantile(wallMs[index], 0.5),
    ].map((timeMs) => timeMs.toFixed(2).padStart(8));
    const ratio = (median / first).toFixed(2);
    console.log(`  ${name.padEnd(44)} CPU ms: median ${cpu} p95 ${p95} MAD ${mad}, wall median ${wall}, x ${ratio}`);
  });
}
