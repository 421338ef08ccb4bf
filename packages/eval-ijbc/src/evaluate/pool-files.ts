import type { Diagnosis } from '../diagnosis/diagnosis.js';
import { type CountedFeatures, countFeatures } from '../diagnosis/feature-census.js';
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

/** Templates, and what is wrong with the features that they are of. */
export interface PooledFiles {
  readonly templates: Templates;
  readonly diagnoses: readonly Diagnosis[];
}

/**
 * Pool the features in `.npy` files into templates.
 *
 * @throws as openNpy, npyFeatures and poolTemplates.
 */
export async function poolFiles(files: FeatureFiles, options: PoolingOptions): Promise<PooledFiles> {
  const { images, index, detectorScores, onImages } = files;
  const open: NpyFile[] = [];
  const source = async (file: string): Promise<CountedFeatures> => {
    const npy = await openNpy(file);
    open.push(npy);
    return countFeatures(npyFeatures(npy, images.names.length));
  };
  try {
    const features = await source(files.features);
    const flipped = options.flip === 'none' || files.flipped === undefined ? undefined : await source(files.flipped);
    const templates = await poolTemplates(
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
    return { templates, diagnoses: [...features.diagnose(), ...(flipped?.diagnose() ?? [])] };
  } finally {
    await Promise.all(open.map((npy) => npy.close()));
  }
}
