import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often the files are looked at. Polling also sees shared folders and containers, where events do not arrive. */
const everyMs = 300;

/**
 * Build, and build again after any of the files changes, never twice at a time, until the process is interrupted. The
 * state of the files is taken before each build, so that a change during one is not lost.
 *
 * @param build   the first time; what it throws ends the watch.
 * @param rebuild after a change.
 */
export async function watchFiles(
  files: readonly string[],
  build: () => Promise<void>,
  rebuild: () => Promise<void>,
): Promise<void> {
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  let known = await stateOf(files);
  await build();
  while (!interruption.signal.aborted) {
    await sleep(everyMs, undefined, { signal: interruption.signal }).catch(() => undefined);
    const state = await stateOf(files);
    if (state === known) continue;
    known = state;
    await rebuild();
  }
  process.off('SIGINT', interrupt);
  process.off('SIGTERM', interrupt);
}

/** Size and time of change of every file, as text. */
async function stateOf(files: readonly string[]): Promise<string> {
  const states = await Promise.all(
    files.map(async (file) => {
      const found = await stat(file).catch(() => undefined);
      return found === undefined ? 'absent' : `${found.size} ${found.mtimeMs}`;
    }),
  );
  return states.join('\n');
}
