import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openNpy } from '@retinabench/files';
import { findMeta } from '../src/meta/find.js';
import { readImages } from '../src/meta/images.js';
import { readPairs } from '../src/meta/pairs.js';
import { readPoints } from '../src/meta/points.js';
import { npyFeatures } from '../src/template/features.js';
import { indexTemplates } from '../src/template/index-templates.js';
import type { PoolingOptions } from '../src/template/options.js';
import { poolTemplates } from '../src/template/pool.js';
import { resolvePairs } from '../src/template/resolve-pairs.js';
import type { Templates } from '../src/template/templates.js';
import { sharedFolder } from './shared.js';

/** Path of a file of golden/ijbc-small. */
export const goldenFile = (name: string): string => path.join(sharedFolder, 'golden/ijbc-small', name);

/** What the public scripts gave on golden/ijbc-small. */
export interface GoldenReference {
  readonly farTargets: readonly number[];
  readonly modes: Readonly<
    Record<
      string,
      {
        readonly tar: readonly number[];
        readonly achievedFar: readonly number[];
        readonly auc: number;
        readonly noDrop: {
          readonly tar: readonly number[];
          readonly achievedFar: readonly number[];
          readonly auc: number;
        };
        readonly scores: { readonly min: number; readonly max: number; readonly sum: number };
      }
    >
  >;
  readonly identification: {
    readonly evals: Readonly<
      Record<
        'g1' | 'g2',
        {
          readonly top1: number;
          readonly top5: number;
          readonly top10: number;
          readonly thresh: readonly number[];
          readonly tpir: readonly number[];
        }
      >
    > & {
      readonly query_num: number;
      readonly fars: readonly number[];
      readonly mean_top1: number;
      readonly mean_top5: number;
      readonly mean_top10: number;
      readonly mean_tpir: readonly number[];
    };
    readonly legacy: readonly string[];
  };
}

/** Read reference.json. */
export function readReference(): GoldenReference {
  return JSON.parse(readFileSync(goldenFile('reference.json'), 'utf8')) as GoldenReference;
}

/** Metadata of golden/ijbc-small, indexed. */
export async function readGolden() {
  const meta = await findMeta(goldenFile('meta'));
  const images = await readImages(meta.images);
  const index = indexTemplates(images);
  const { scores } = await readPoints(meta.points!, images.names);
  const pairs = await readPairs(meta.pairs!);
  return { meta, images, index, scores, labels: pairs.labels, pairs: resolvePairs(pairs, index, meta.pairs!) };
}

/** Template features of golden/ijbc-small. */
export async function poolGolden(
  { images, index, scores }: Awaited<ReturnType<typeof readGolden>>,
  options: PoolingOptions,
): Promise<Templates> {
  const features = await openNpy(goldenFile('features.npy'));
  const flipped = await openNpy(goldenFile('features-flip.npy'));
  try {
    const count = images.names.length;
    return await poolTemplates(
      { index, features: npyFeatures(features, count), flipped: npyFeatures(flipped, count), scores },
      options,
    );
  } finally {
    await features.close();
    await flipped.close();
  }
}
