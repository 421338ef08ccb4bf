import { ProtocolError, stratifiedSample } from '@retinabench/core';
import type { Command } from 'commander';
import { wholeNumber } from '../terminal/flags.js';
import { parseShard, takeShard } from './shard.js';

/** The flags that take a part of the images. */
export interface ChoiceFlags {
  readonly sample?: number;
  readonly sampleSeed?: number;
  readonly shard?: string;
  readonly limit?: number;
}

/** Some of the images, and what the reader of a number of theirs must know. */
export interface ChosenImages<Image> {
  readonly images: readonly Image[];
  readonly notes: readonly string[];
}

/** Add `--sample`, `--sample-seed` and `--limit`. */
export function addChoiceFlags(command: Command): Command {
  return command
    .option('--sample <n>', 'n images at random, each folder (event) with its share', wholeNumber(1))
    .option('--sample-seed <n>', 'of the draw of --sample (default: 1)', wholeNumber(0))
    .option(
      '--limit <n>',
      'the first n images by name only: those of the first folders; --sample represents all',
      wholeNumber(1),
    );
}

/**
 * The part of the images that the flags ask for: first the sample, of that the shard, of that the first ones.
 *
 * @param stratumOf the folder or event of an image.
 * @throws {ProtocolError} if the sample is larger than what there is, `--limit` stands beside it, or the shard is none.
 */
export function chooseImages<Image>(
  all: readonly Image[],
  stratumOf: (image: Image) => string,
  { sample, sampleSeed, shard: shardText, limit }: ChoiceFlags,
): ChosenImages<Image> {
  if (sample !== undefined && limit !== undefined) {
    throw new ProtocolError('--sample and --limit: both say how many images; keep one');
  }
  if (sample === undefined && sampleSeed !== undefined) {
    throw new ProtocolError('--sample-seed: nothing is drawn without --sample; add it, or leave the seed out');
  }
  if (sample !== undefined && sample > all.length) {
    throw new ProtocolError(`--sample: expected at most the ${all.length} images that there are, got ${sample}`);
  }
  const notes: string[] = [];
  let images = all;
  if (sample !== undefined) {
    const strata = all.map(stratumOf);
    const seed = sampleSeed ?? 1;
    images = stratifiedSample(strata, sample, seed).map((index) => all[index]);
    notes.push(
      `--sample: ${sample} of ${all.length} images at random (seed ${seed}), each of ${new Set(strata).size} folders with its share.`,
    );
  }
  const shard = parseShard(shardText);
  if (shard !== undefined) {
    const whole = images.length;
    images = takeShard(images, shard);
    notes.push(
      `shard ${shard.index} of ${shard.count}: ${Math.min(images.length, limit ?? Infinity)} of ${whole} images.`,
    );
  }
  if (limit !== undefined && limit < images.length) {
    if (shard === undefined) notes.push(`--limit: the first ${limit} of ${all.length} images.`);
    images = images.slice(0, limit);
  }
  return { images, notes };
}
