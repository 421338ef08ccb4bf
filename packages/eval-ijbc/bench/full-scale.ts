import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { seededRandom } from '@retinabench/core';
import {
  findMeta,
  indexTemplates,
  npyFeatures,
  poolTemplates,
  publishedPooling,
  readImages,
  readPairs,
  readPoints,
  resolvePairs,
  scorePairs,
  subjectsOfPairs,
  verify,
} from '@retinabench/eval-ijbc';
import { openNpy } from '@retinabench/files';
import { generate, ijbcSize } from './generate.js';

/**
 * 1:1 verification at the full size of IJB-C, stage by stage: seconds of wall clock and CPU, and the peak of memory.
 * Usage: full-scale.js [folder]: a folder that keeps the generated files (2 GB); without one they go to a temporary
 * folder and are removed.
 */
async function main(): Promise<void> {
  const kept = process.argv[2];
  const folder = kept ?? (await mkdtemp(path.join(os.tmpdir(), 'ijbc-full-scale-')));
  try {
    if (!(await exists(folder))) {
      await generate(folder, ijbcSize, 1);
      console.log(`generated in ${folder}`);
      // Generating takes memory of its own: measure in a process that has not done it.
      if (kept !== undefined) return;
    }
    await measure(folder);
  } finally {
    if (kept === undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function exists(folder: string): Promise<boolean> {
  return findMeta(folder).then(
    () => true,
    () => false,
  );
}

async function measure(folder: string): Promise<void> {
  const threads = Math.min(2, os.availableParallelism());
  const stages: { stage: string; wallS: string; cpuS: string; peakMb: string }[] = [];
  const started = performance.now();
  const stage = async <T>(name: string, work: () => T | Promise<T>): Promise<T> => {
    const from = performance.now();
    const cpu = process.cpuUsage();
    const result = await work();
    const used = process.cpuUsage(cpu);
    stages.push({
      stage: name,
      wallS: ((performance.now() - from) / 1000).toFixed(2),
      cpuS: ((used.user + used.system) / 1e6).toFixed(2),
      peakMb: (process.resourceUsage().maxRSS / 1024).toFixed(0),
    });
    return result;
  };

  const meta = await findMeta(folder);
  const images = await stage('read images', () => readImages(meta.images));
  const { scores: detectorScores } = await stage('read points', () => readPoints(meta.points!, images.names));
  const list = await stage('read pairs', () => readPairs(meta.pairs!));
  const index = await stage('index', () => indexTemplates(images));
  const pairs = await stage('resolve pairs', () => resolvePairs(list, index, meta.pairs!));
  const templates = await stage('pool', async () => {
    const features = await openNpy(path.join(folder, 'features.npy'));
    const flipped = await openNpy(path.join(folder, 'features-flip.npy'));
    try {
      const count = images.names.length;
      return await poolTemplates(
        { index, features: npyFeatures(features, count), flipped: npyFeatures(flipped, count), scores: detectorScores },
        publishedPooling,
      );
    } finally {
      await features.close();
      await flipped.close();
    }
  });
  const scores = await stage(`score, ${threads} threads`, () => scorePairs(templates, pairs, { threads }));
  const result = await stage('metrics', () => verify(scores, list.labels));
  const total = { wallS: ((performance.now() - started) / 1000).toFixed(2) };
  await stage('intervals, 200 resamples', () =>
    verify(scores, list.labels, {
      pairs,
      subjects: subjectsOfPairs(templates.count, pairs, list.labels),
      resamples: 200,
      random: seededRandom(1),
    }),
  );
  console.table(stages);
  console.log(
    `total without intervals ${total.wallS} s; ${images.names.length} images, ${templates.count} templates, ${list.count} pairs`,
  );
  console.log(
    Object.entries(result.tar.nearest)
      .map(([far, { tar, impostors }]) => `${far}: ${tar.toFixed(4)} (${impostors})`)
      .join('  '),
  );
}

await main();
