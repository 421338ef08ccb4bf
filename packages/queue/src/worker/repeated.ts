/**
 * Act again and again, never twice at once: where an act takes longer than the wait, those that were due meanwhile are left out.
 *
 * @param ms      wait between two beginnings.
 * @param onError told why an act failed; the next one comes all the same.
 * @returns ends it; an act that has begun goes on.
 */
export function repeated(ms: number, act: () => Promise<void>, onError: (error: unknown) => void): () => void {
  let isRunning = false;
  const timer = setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    act()
      .catch(onError)
      .finally(() => {
        isRunning = false;
      });
  }, ms);
  return () => clearInterval(timer);
}
