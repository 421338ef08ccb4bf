import {
  type Diagnosis,
  diagnoseZeroTemplates,
  type ImageList,
  type PoolingOptions,
  poolFiles,
  type TemplateIndex,
  type Templates,
} from '@retinabench/eval-ijbc';
import type { Output } from '../terminal/output.js';
import { startProgress } from '../terminal/progress.js';
import type { FeatureRows } from './feature-rows.js';

/** What features are pooled over. */
export interface PoolingInput {
  readonly images: ImageList;
  readonly index: TemplateIndex;
  readonly detectorScores: Float32Array | undefined;
  /** What the templates are for, in messages. */
  readonly task: 'verification' | 'identification';
}

/** Pool the features of images to templates, showing progress, with all that the diagnosis finds about them. */
export async function poolRows(
  output: Output,
  rows: FeatureRows,
  { images, index, detectorScores, task }: PoolingInput,
  pooling: PoolingOptions,
): Promise<{ readonly templates: Templates; readonly diagnoses: readonly Diagnosis[] }> {
  const progress = startProgress(output, images.names.length, 'images');
  const { templates, diagnoses } = await poolFiles(
    {
      ...rows,
      images,
      index,
      ...(detectorScores === undefined ? {} : { detectorScores }),
      onImages: progress.update,
    },
    pooling,
  );
  progress.stop();
  return {
    templates,
    diagnoses: [...rows.diagnoses, ...diagnoses, ...diagnoseZeroTemplates(templates, rows.features, task)],
  };
}
