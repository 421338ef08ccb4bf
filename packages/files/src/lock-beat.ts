import { closeSync, fstatSync, openSync, readFileSync, utimesSync } from 'node:fs';

/** How often the holder of a lock says that it lives. */
const beatMs = 2000;

/** After so long without a beat a holder that cannot be looked for counts as ended: none reads a log for longer at a time. */
const silentMs = 30_000;

/** How often its beat is looked for. */
const lookMs = 250;

/**
 * Touch a lock every two seconds as long as it has this content.
 *
 * @returns a function that ends it; it keeps no process alive.
 */
export function keepBeating(file: string, content: string): () => void {
  const timer = setInterval(() => {
    try {
      const now = new Date();
      if (readFileSync(file, 'utf8') === content) utimesSync(file, now, now);
    } catch {
      // The folder is gone, say: there is nothing to hold.
    }
  }, beatMs);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Wait until a lock is touched or changed: its holder lives. Times are told apart, not held against a clock.
 *
 * @returns false if neither happens for 30 s.
 */
export function hasBeat(file: string): boolean {
  const before = timeOf(file);
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let waitedMs = 0; waitedMs < silentMs; waitedMs += lookMs) {
    Atomics.wait(pause, 0, 0, lookMs);
    if (timeOf(file) !== before) return true;
  }
  return false;
}

/** When it was touched; undefined if it is gone. A file that is opened is asked for at the server of a network disk. */
function timeOf(file: string): bigint | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return undefined;
  }
  try {
    return fstatSync(descriptor, { bigint: true }).mtimeNs;
  } finally {
    closeSync(descriptor);
  }
}
