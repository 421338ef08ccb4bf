import { DatasetError } from '@retinabench/core/basics';
import { openNpy } from './open.js';

/**
 * Read a `.npy` file of one dimension (or of one column) in float64.
 *
 * @returns Float64Array [n].
 * @throws {DatasetError} as openNpy, if the file has more than one column, or holds a value that is not finite.
 */
export async function readNpyVector(file: string): Promise<Float64Array> {
  const npy = await openNpy(file);
  try {
    const { shape, items } = npy.header;
    if (shape.length === 0 || shape.slice(1).some((length) => length !== 1)) {
      throw new DatasetError(
        `${file}: expected one value per row, got shape (${shape.join(', ')}); save array.ravel()`,
      );
    }
    const values = new Float64Array(items);
    await npy.readInto(0, values);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      const count = values.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);
      throw new DatasetError(
        `${file}: row ${bad}: expected a finite number, got ${values[bad]}${count === 1 ? '' : `; ${count} rows hold such values`}`,
      );
    }
    return values;
  } finally {
    await npy.close();
  }
}
