import type { Predictions, ResumedImages } from '@retinabench/eval-wider';

/** How much of a result is older than this run, and how much had to be done again, a sentence each. */
export function resumedNotes({ resumed, changed }: Predictions, total: number): string[] {
  const notes: string[] = [];
  if (resumed !== undefined) {
    notes.push(
      `resumed: ${resumed.images} of ${total} images were detected before, ${formatSpan(resumed)} (--fresh detects them again)`,
    );
  }
  if (changed > 0) notes.push(`${changed} of ${total} images are others than in the earlier run: detected again`);
  return notes;
}

function formatSpan({ earliest, latest }: ResumedImages): string {
  const [from, to] = [earliest, latest].map((time) => `${time.slice(0, 16).replace('T', ' ')} UTC`);
  return from === to ? `at ${from}` : `from ${from} to ${to}`;
}
