import { startLimitMs } from '../../workers/start-limit.js';

/**
 * What `work` gives, unless it takes longer than a step of starting may. The load is looked at when the time is up.
 *
 * @param late the error that is thrown then, of the seconds that were waited.
 * @param limitMs of the moment.
 */
export async function withinStart<T>(
  work: Promise<T>,
  late: (seconds: number) => Error,
  limitMs: () => number = startLimitMs,
): Promise<T> {
  const startedMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    const look = (): void => {
      const waitedMs = performance.now() - startedMs;
      const leftMs = limitMs() - waitedMs;
      if (leftMs <= 0) reject(late(Math.round(waitedMs / 1000)));
      else timer = setTimeout(look, Math.ceil(leftMs));
    };
    look();
  });
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
}
