/** Loaded before a program: writes its CPU seconds and peak memory to the file that USAGE_FILE names when it exits. */
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  const usage = { cpu: (user + system) / 1e6, peakMb: process.resourceUsage().maxRSS / 1024 };
  if (process.env.USAGE_FILE !== undefined) writeFileSync(process.env.USAGE_FILE, JSON.stringify(usage));
});
