import { type NpyFile, openNpy } from '@retinabench/files';
import { diagnoseDetectorScores } from '../diagnosis/detector-scores.js';
import type { Diagnosis } from '../diagnosis/diagnosis.js';
import { type CountedFeatures, countFeatures, diagnoseMirrored } from '../diagnosis/feature-census.js';
import type { ImageList } from '../meta/images.js';
import { npyFeatures } from '../template/features.js';
import { halfOf } from '../template/halves.js';
import type { TemplateIndex } from '../template/index-templates.js';
import type { PoolingOptions } from '../template/options.js';
import { poolTemplates } from '../template/pool.js';
import type { Templates } from '../template/templates.js';

/** Feature files and what they belong to. */
export interface FeatureFiles {
  readonly features: string;
  /** Features of the mirrored images. */
  readonly flipped?: string;
  /** Whether each row of `features` holds both, the feature of the image and behind it that of the mirrored image. */
  readonly halves?: boolean;
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
  const source = async (file: string, half: 'first' | 'second'): Promise<CountedFeatures> => {
    const npy = await openNpy(file);
    open.push(npy);
    const rows = npyFeatures(npy, images.names.length);
    return countFeatures(files.halves === true ? halfOf(rows, half) : rows);
  };
  const mirrored = files.halves === true ? files.features : files.flipped;
  try {
    const features = await source(files.features, 'first');
    const flipped = options.flip === 'none' || mirrored === undefined ? undefined : await source(mirrored, 'second');
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
    return {
      templates,
      diagnoses: [
        ...features.diagnose(),
        ...(flipped === undefined ? [] : [...flipped.diagnose(), ...diagnoseMirrored(features, flipped)]),
        ...(options.detectorScore === 'use' && detectorScores !== undefined
          ? diagnoseDetectorScores(detectorScores, images.names)
          : []),
      ],
    };
  } finally {
    await Promise.all(open.map((npy) => npy.close()));
  }
}
