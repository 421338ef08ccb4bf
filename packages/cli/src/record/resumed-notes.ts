import type { ResumedImages } from '@retinabench/files';

/** What a run took over from an earlier one. */
interface ResumedWork {
  readonly resumed?: ResumedImages;
  /** Images that the earlier run had done and whose bytes are others now. */
  readonly changed: number;
}

/** How much of a result is older than this run, and how much had to be done again, a sentence each. */
export function resumedNotes({ resumed, changed }: ResumedWork, total: number): string[] {
  const notes: string[] = [];
  if (resumed !== undefined) {
    notes.push(
      `resumed: ${resumed.images} of ${total} images were done before, ${formatSpan(resumed)} (--fresh does them again)`,
    );
  }
  if (changed > 0) notes.push(`${changed} of ${total} images are others than in the earlier run: done again`);
  return notes;
}

/** `at 2026-11-29 12:05 UTC`, or from one such time to another. */
export function formatSpan({ earliest, latest }: Pick<ResumedImages, 'earliest' | 'latest'>): string {
  const [from, to] = [earliest, latest].map((time) => `${time.slice(0, 16).replace('T', ' ')} UTC`);
  return from === to ? `at ${from}` : `from ${from} to ${to}`;
}
