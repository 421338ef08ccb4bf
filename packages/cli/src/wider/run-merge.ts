import { DatasetError } from '@retinabench/core';
import { imageNamesDigest, listWiderImages, resolveDataset } from '@retinabench/datasets';
import { mergeRuns } from '@retinabench/eval-wider';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printResult } from '../terminal/output.js';
import { evaluateDetected, loadAnnotations, requireRecordPlace } from './evaluate-detected.js';
import type { EvaluateFlags } from './evaluate-flags.js';

interface MergeFlags extends EvaluateFlags, OutputFlags {
  readonly data?: string;
  readonly partial?: boolean;
}

/** The action of `retinabench wider merge`. */
export async function runMerge(folders: string[], flags: MergeFlags): Promise<void> {
  await requireRecordPlace(flags);
  const { identity, detected } = mergeRuns(folders);
  const dataset = await resolveDataset(flags.data);
  const listed = await listWiderImages(dataset.root);
  const namesSha256 = imageNamesDigest(listed.map(({ event, image }) => `${event}/${image}`));
  if (namesSha256 !== identity.dataset.namesSha256) {
    throw new DatasetError(
      `${dataset.root}: expected the data set of the shards (${identity.dataset.name}, ${identity.dataset.namesSha256.slice(0, 12)}), got one with other images (${namesSha256.slice(0, 12)}); name it with --data`,
    );
  }
  const all = listed.length;
  const warnings: string[] = [];
  if (detected.length < all) {
    const missing = `${all - detected.length} of ${all} images are in none of the folders`;
    if (!flags.partial)
      throw new DatasetError(`${missing}; run the missing shards, or score what is there with --partial`);
    warnings.push(`${missing} and are left out of the score.`);
  }
  const output = outputOf(flags);
  const { tableOf } = await evaluateDetected(output, flags, {
    images: detected,
    failed: [],
    annotated: loadAnnotations(flags, dataset.root),
    dataset: { name: dataset.name, notes: dataset.notes },
    identity,
    model: { id: identity.model.id, sha256: identity.model.sha256 },
    backend: identity.backend,
    settings: identity.settings,
    warnings,
  });
  printResult(output, tableOf(undefined));
}
