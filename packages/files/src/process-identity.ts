import { readFileSync, readlinkSync } from 'node:fs';
import os from 'node:os';

/** A process, identified so that a later one with the same number is not mistaken for it. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When it started, in the kernel's own unit since boot: no wall clock is involved. Empty where unknown. */
  readonly started: string;
}

/** The current process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, host: os.hostname(), started: startOf(process.pid) };
}

/** Whose numbers of processes this process sees, such as a container's; '' where the system does not say. */
export function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** Whether a process has certainly ended; false for every process of another machine. */
export function hasEnded({ pid, host, started }: ProcessIdentity): boolean {
  if (host !== os.hostname()) return false;
  const startedNow = startOf(pid);
  if (startedNow !== '' && started !== '') return startedNow !== started;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** When a process started, to distinguish it from a later one with the same number; '' where the system does not say. */
function startOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
