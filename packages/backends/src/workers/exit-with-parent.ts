import { Worker } from 'node:worker_threads';

/**
 * End this process as soon as the one that forked it (`forkWorker`) has ended, however it ended and whatever this one does:
 * the event loop sees the closed channel, and where native code blocks it, a thread sees that the parent is another.
 *
 * Cost: a thread of about 9 MB that looks twice a second.
 */
export function exitWithParent(): void {
  process.on('disconnect', () => process.exit(0));
  if (!process.connected) process.exit(0);
  const thread = new Worker(new URL('./parent-watch.js', import.meta.url), {
    workerData: Number(process.argv[2] ?? process.ppid),
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  // Without the thread the channel still ends the process in all but the blocked case.
  thread.on('error', () => undefined);
  thread.unref();
}
