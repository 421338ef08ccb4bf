import { DatasetError } from '@retinabench/core';
import type { ImageLosses } from './image-losses.js';

/** A record whose images are to be shown. */
export interface Candidate {
  readonly key: string;
  /** Names the record, for messages. */
  readonly place: string;
  readonly losses: ImageLosses;
}

/** The images of a gallery, the same for all its records. */
export interface ChosenImages {
  /** Worst first. */
  readonly names: readonly string[];
  /** What a reader should know of the choice. */
  readonly notes: readonly string[];
}

/**
 * The images on disk that cost any of the records most: of several records those that cost one of them most, so that all
 * show the same images and what changed between them can be seen.
 *
 * @param hasFile whether an image is on disk.
 * @param root    where it was looked for, for messages.
 * @throws {DatasetError} if no image costs anything, or of one record none of those that do is on disk.
 */
export function chooseImages(
  candidates: readonly Candidate[],
  hasFile: (name: string) => boolean,
  root: string,
  count: number,
): ChosenImages {
  const most = new Map<string, number>();
  const notes: string[] = [];
  for (const candidate of candidates) {
    const { key, place, losses } = candidate;
    const costly = costlyImages(candidate);
    if (costly.length === 0) {
      notes.push(`${key}: no image costs ${losses.number} anything.`);
      continue;
    }
    const present = costly.filter(({ name }) => hasFile(name));
    if (present.length === 0) {
      throw new DatasetError(
        `${root}: expected images of ${place}, got none of its ${costly.length}; choose the data set with --data DIR`,
      );
    }
    for (const { name, lost } of present) most.set(name, Math.max(most.get(name) ?? 0, lost));
    const left = costly.length - present.length;
    if (left > 0) {
      notes.push(
        `${key}: ranked among the ${present.length} images on disk; ${left} others that cost ${losses.number} are not.`,
      );
    }
  }
  if (most.size === 0) {
    const [{ place, losses }] = candidates;
    throw new DatasetError(
      `${place}: expected images that cost ${losses.number}, got none that cost anything: there is nothing to show; leave --pred and --gallery out`,
    );
  }
  const ranked = [...most].sort(([, a], [, b]) => b - a);
  return { names: ranked.slice(0, count).map(([name]) => name), notes };
}

/** The images that cost a record anything. */
function costlyImages({ losses }: Candidate): { readonly name: string; readonly lost: number }[] {
  return [...losses.lost].map(([name, lost]) => ({ name, lost })).filter(({ lost }) => lost > 0);
}
