import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { decodeImage } from '@retinabench/backends';
import { readSafetensors, seededRandom, writeSafetensors } from '@retinabench/core';
import { replaceFile } from '@retinabench/files';
import { colourInputs, type FeatureNetwork } from './feature-network.js';
import { imageSamples } from './image-samples.js';
import type { PositiveRule } from './positive-anchors.js';
import { joinSamples, type Samples, samplesFile, samplesOf } from './samples.js';
import type { Source } from './sources.js';

/** Views whose samples lie in one file. */
const viewsPerShard = 100;

/**
 * Compute the samples of all sources and keep them in files of 100 views each, so that the network runs once. A file that
 * is there already is not made again: stop and start as you like.
 *
 * @param onShard called after each file with views done and samples found so far.
 */
export async function fillCache(
  folder: string,
  sources: readonly Source[],
  network: FeatureNetwork,
  rule: PositiveRule,
  seed: number,
  onShard: (views: number, samples: number) => void,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  let found = 0;
  for (let first = 0; first < sources.length; first += viewsPerShard) {
    const shard = first / viewsPerShard;
    const file = path.join(folder, `${String(shard).padStart(4, '0')}.safetensors`);
    if (existsSync(file)) continue;
    const random = seededRandom(seed * 100_003 + shard);
    const parts: Samples[] = [];
    for (const source of sources.slice(first, first + viewsPerShard)) {
      const image = await decodeImage(source.file, source.file);
      parts.push(await imageSamples(network, image, source, rule, random));
    }
    const samples = joinSamples(parts, network.channels + colourInputs);
    replaceFile(file, writeSafetensors(samplesFile(samples, {})));
    found += samples.count;
    onShard(Math.min(first + viewsPerShard, sources.length), found);
  }
}

/** All samples of a folder, in the order of its files. */
export function readCache(folder: string, inputs: number): Samples {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.safetensors'))
    .sort();
  return joinSamples(
    files.map((name) => samplesOf(readSafetensors(readFileSync(path.join(folder, name)), name))),
    inputs,
  );
}
