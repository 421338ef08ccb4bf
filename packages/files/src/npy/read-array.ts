import { openNpy } from './open.js';

/** Numbers with their shape, the last axis varying fastest. */
export interface NpyArray {
  readonly values: Float64Array;
  readonly shape: readonly number[];
}

/**
 * Read a whole `.npy` file in float64. One in Fortran order, as NumPy saves a transposed array, comes out with its last axis
 * varying fastest like any other.
 *
 * @throws {DatasetError} as openNpy. Numbers that are not finite are left to who reads them.
 */
export async function readNpyArray(file: string): Promise<NpyArray> {
  const npy = await openNpy(file, 'any');
  try {
    const { shape, items, fortranOrder } = npy.header;
    const values = new Float64Array(items);
    await npy.readInto(0, values);
    return { values: fortranOrder ? withLastAxisFastest(values, shape) : values, shape };
  } finally {
    await npy.close();
  }
}

/** The same elements in C order, of Fortran order. */
function withLastAxisFastest(values: Float64Array, shape: readonly number[]): Float64Array {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, length) => product * length, 1));
  const index = shape.map(() => 0);
  return values.map(() => {
    let at = 0;
    for (let axis = 0; axis < shape.length; axis++) at += index[axis] * strides[axis];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
    return values[at];
  });
}
