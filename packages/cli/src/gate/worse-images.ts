import { ProtocolError } from '@retinabench/core';
import type { ResultRecord, Split } from '@retinabench/results';
import { type ImageLosses, imageLosses } from '../report/gallery/image-losses.js';

/** Images that got worse, and what they lose now. */
export interface WorseImages {
  /** Worst first. */
  readonly names: readonly string[];
  readonly losses: ImageLosses;
}

/**
 * The images to which a record loses more than its baseline, those that lose most more first. Where the records have a digest of
 * each image, one of equal digests is as it was: what it loses changes only with the others.
 *
 * @param split of WIDER records.
 * @param place names the record, for messages.
 * @throws {ProtocolError} if one of the records does not say what its images cost.
 */
export function worseImages(baseline: ResultRecord, record: ResultRecord, split: Split, place: string): WorseImages {
  const [before, losses] = [imageLosses(baseline, split, record), imageLosses(record, split)];
  if (before.lost.size === 0 || losses.lost.size === 0) {
    throw new ProtocolError(
      `${place}: expected ${losses.number} lost per image in both records for --pictures, got none; make them with retinabench wider, or with eval or score and without --no-interval`,
    );
  }
  const [digestBefore, digest] = [digestsOf(baseline), digestsOf(record)];
  const names = [...losses.lost]
    .filter(([name]) => !digest.has(name) || digest.get(name) !== digestBefore.get(name))
    .map(([name, lost]) => ({ name, worse: lost - (before.lost.get(name) ?? lost) }))
    .filter(({ worse }) => worse > 0)
    .sort((a, b) => b.worse - a.worse)
    .map(({ name }) => name);
  return { names, losses };
}

function digestsOf({ detection }: ResultRecord): ReadonlyMap<string, string> {
  const { names = [], digests = [] } = detection?.images ?? {};
  return new Map(names.map((name, image) => [name, digests[image]]));
}
