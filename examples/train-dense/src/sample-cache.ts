import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { decodeImage } from '@retinabench/backends';
import { ProtocolError, readSafetensors, seededRandom, writeSafetensors } from '@retinabench/core';
import { replaceFile } from '@retinabench/files';
import { colourInputs, type FeatureNetwork } from './feature-network.js';
import { imageSamples } from './image-samples.js';
import type { PositiveRule } from './positive-anchors.js';
import { joinSamples, type Samples, samplesFile, samplesOf } from './samples.js';
import type { Source } from './sources.js';

/** Views whose samples lie in one file. */
const viewsPerShard = 100;

/** Of the square that a sample's crop shows: 2 stands profiles upright by eyes and mouth. */
const frameVersion = 2;

/**
 * Compute the samples of all sources and keep them in files of 100 views each, so that the network runs once. A file that
 * is there already is not made again: stop and start as you like.
 *
 * @param onShard called after each file with views done and samples found so far.
 * @throws {ProtocolError} if the folder holds samples of another network, rule or seed.
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
    const file = shardFile(folder, shard);
    const views = sources.slice(first, first + viewsPerShard);
    const origin = JSON.stringify({
      network: network.fingerprint,
      ...{ rule, seed, views: views.length, frame: frameVersion },
    });
    if (existsSync(file)) {
      assertOrigin(readSafetensors(readFileSync(file), file).metadata.origin, origin, file);
      continue;
    }
    const random = seededRandom(seed * 100_003 + shard);
    const parts: Samples[] = [];
    for (const source of views) {
      const image = await decodeImage(source.file, source.file);
      parts.push(await imageSamples(network, image, source, rule, random));
    }
    const samples = joinSamples(parts, network.channels + colourInputs);
    replaceFile(file, writeSafetensors(samplesFile(samples, { origin })));
    found += samples.count;
    onShard(first + views.length, found);
  }
}

/** @throws {ProtocolError} if samples are of another network, rule or seed. */
function assertOrigin(found: string | undefined, wanted: string, file: string): void {
  if (found === wanted) return;
  throw new ProtocolError(
    `${file}: expected samples of ${wanted}, got those of ${found ?? 'an older version'}; choose another --out`,
  );
}

/** The samples of the first `views` sources, in their order, from a folder that fillCache filled. */
export function readCache(folder: string, views: number, inputs: number): Samples {
  const files = Array.from({ length: Math.ceil(views / viewsPerShard) }, (_, shard) => shardFile(folder, shard));
  return joinSamples(
    files.map((file) => samplesOf(readSafetensors(readFileSync(file), file))),
    inputs,
  );
}

function shardFile(folder: string, shard: number): string {
  return path.join(folder, `${String(shard).padStart(4, '0')}.safetensors`);
}
