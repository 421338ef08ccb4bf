import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { listWiderImages } from '@retinabench/datasets';
import { loadGroundTruth } from '@retinabench/eval-wider';
import { openAnnotated } from '../eval/open-annotated.js';

/** Which commands take a data set: `wider` those of WIDER FACE's layout, `annotated` those with annotations of any known form. */
export type DataKind = 'wider' | 'annotated';

/**
 * Find out which commands take a folder, by reading it as they do.
 *
 * @throws {DatasetError} if none does, with what each expects.
 * Cost: reads all annotations, no image.
 */
export async function recogniseData(folder: string): Promise<DataKind> {
  const notWider = await refusal(async () => {
    await listWiderImages(folder);
    loadGroundTruth(path.join(folder, 'ground_truth'));
  });
  if (notWider === undefined) return 'wider';
  const notAnnotated = await refusal(() => openAnnotated({ data: folder, missing: 'refuse' }));
  if (notAnnotated === undefined) return 'annotated';
  throw new DatasetError(
    `${folder}: expected a data set that can be evaluated, got none:
  as WIDER FACE (WIDER_val/images/<event>/<image>.jpg and ground_truth/): ${notWider}
  as images with annotations of any known form: ${notAnnotated}
Images alone have no accuracy to measure; add their annotations, or leave --data out for the embedded set. docs/annotations.md has the forms`,
  );
}

/** What a reader refuses; undefined if it takes the folder. */
async function refusal(read: () => Promise<unknown>): Promise<string | undefined> {
  return read().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}
