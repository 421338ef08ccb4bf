import type { ImageList } from '../meta/images.js';
import { type NpyFile, openNpy } from '../npy/open.js';
import { npyFeatures } from '../template/features.js';
import type { TemplateIndex } from '../template/index-templates.js';
import type { PoolingOptions } from '../template/options.js';
import { poolTemplates } from '../template/pool.js';
import type { Templates } from '../template/templates.js';

/** Feature files and what they belong to. */
export interface FeatureFiles {
  readonly features: string;
  /** Features of the mirrored images. */
  readonly flipped?: string;
  readonly images: ImageList;
  readonly index: TemplateIndex;
  /** Float32Array [images]. */
  readonly detectorScores?: Float32Array;
  readonly onImages?: (images: number) => void;
}

/**
 * Pool the features in `.npy` files into templates.
 *
 * @throws as openNpy, npyFeatures and poolTemplates.
 */
export async function poolFiles(files: FeatureFiles, options: PoolingOptions): Promise<Templates> {
  const { images, index, detectorScores, onImages } = files;
  const open: NpyFile[] = [];
  const source = async (file: string) => {
    const npy = await openNpy(file);
    open.push(npy);
    return npyFeatures(npy, images.names.length);
  };
  try {
    const features = await source(files.features);
    const flipped = options.flip === 'none' || files.flipped === undefined ? undefined : await source(files.flipped);
    return await poolTemplates(
      {
        index,
        features,
        names: images.names,
        ...(flipped === undefined ? {} : { flipped }),
        ...(detectorScores === undefined ? {} : { scores: detectorScores }),
        ...(onImages === undefined ? {} : { onImages }),
      },
      options,
    );
  } finally {
    await Promise.all(open.map((npy) => npy.close()));
  }
}
