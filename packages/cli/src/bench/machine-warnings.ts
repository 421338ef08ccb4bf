import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';

/** What about this machine makes its times doubtful right now, a sentence each; empty if nothing does. */
export function machineWarnings(): string[] {
  const warnings: string[] = [];
  const cores = os.availableParallelism();
  const [load] = os.loadavg();
  if (load > cores / 2) {
    warnings.push(
      `the machine is busy (load ${load.toFixed(1)} on ${cores} cores): trust no time, and no difference that the MAD covers; gate --latency-models A,B compares two models in spite of it`,
    );
  }
  const governor = '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor';
  if (existsSync(governor)) {
    const name = readFileSync(governor, 'utf8').trim();
    if (name !== 'performance') warnings.push(`the processor changes its frequency (governor ${name})`);
  }
  return warnings;
}
