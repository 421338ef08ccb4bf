import { DatasetError } from '@retinabench/core';
import { listWiderImages } from '@retinabench/datasets';
import type { ResultRecord, Split } from '@retinabench/results';

/** A record whose images are to be shown. */
export interface Candidate {
  readonly key: string;
  readonly record: ResultRecord;
  /** Names the record, for messages. */
  readonly place: string;
}

/** The images of a gallery, the same for all its records. */
export interface ChosenImages {
  /** Worst first. */
  readonly names: readonly string[];
  /** Files of the images on disk, by name. */
  readonly files: ReadonlyMap<string, string>;
  /** What a reader should know of the choice. */
  readonly notes: readonly string[];
}

/**
 * The images on disk that cost any of the records most AP: of several records those that cost one of them most, so that all
 * show the same images and what changed between them can be seen.
 *
 * @throws {DatasetError} if a record has no AP lost per image, or none of its images is on disk.
 */
export async function chooseImages(
  candidates: readonly Candidate[],
  data: string,
  split: Split,
  count: number,
): Promise<ChosenImages> {
  const losses = candidates.map((candidate) => ({ ...candidate, costly: costlyImages(candidate, split) }));
  const listed = await listWiderImages(data);
  const files = new Map(listed.map(({ event, image, file }) => [`${event}/${image}`, file]));
  const most = new Map<string, number>();
  const notes: string[] = [];
  for (const { key, place, costly } of losses) {
    const present = costly.filter(({ name }) => files.has(name));
    if (present.length === 0) {
      throw new DatasetError(
        `${data}: expected images of ${place}, got none of its ${costly.length}; choose the data set with --data DIR`,
      );
    }
    for (const { name, lost } of present) most.set(name, Math.max(most.get(name) ?? 0, lost));
    const left = costly.length - present.length;
    if (left > 0) {
      notes.push(`${key}: ranked among the ${present.length} images on disk; ${left} others that cost AP are not.`);
    }
  }
  const ranked = [...most].sort(([, a], [, b]) => b - a);
  return { names: ranked.slice(0, count).map(([name]) => name), files, notes };
}

/** The images that cost a record AP. */
function costlyImages({ record, place }: Candidate, split: Split): { readonly name: string; readonly lost: number }[] {
  const costly = (record.images ?? [])
    .map(({ name, apLost }) => ({ name, lost: apLost?.[split] ?? 0 }))
    .filter(({ lost }) => lost > 0);
  if (costly.length === 0) {
    throw new DatasetError(
      `${place}: expected AP lost per image for the gallery, got none; make the record with retinabench wider`,
    );
  }
  return costly;
}
