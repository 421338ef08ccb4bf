import { openNpy } from '@retinabench/files';
import { npyFeatures } from '../template/features.js';
import { type RowLayout, recogniseHalves } from '../template/halves.js';

/** Rows that are looked at, spread evenly over the file. */
const inspectedRows = 256;

/** What the rows of a feature file hold. */
export interface InspectedRows {
  readonly layout: RowLayout;
  /** Length of a row. */
  readonly dimensions: number;
}

/**
 * Look at some rows of a feature file: do they hold one feature, or plain and mirrored half side by side?
 *
 * @throws as openNpy, or {DatasetError} if the file is no matrix.
 * Cost: reads at most 256 rows.
 */
export async function inspectRows(file: string): Promise<InspectedRows> {
  const npy = await openNpy(file);
  try {
    const source = npyFeatures(npy, npy.header.shape[0]);
    const { rows, dimensions } = source;
    const count = Math.min(rows, inspectedRows);
    const sample = new Float32Array(count * dimensions);
    for (let i = 0; i < count; i++) {
      const row = Math.floor((i * rows) / count);
      await source.read(row, sample.subarray(i * dimensions, (i + 1) * dimensions));
    }
    return { layout: recogniseHalves(sample, dimensions), dimensions };
  } finally {
    await npy.close();
  }
}
