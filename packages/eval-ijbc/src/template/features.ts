import { DatasetError } from '@retinabench/core';
import type { NpyFile } from '@retinabench/files';

/** Features of images, read in order, a few rows at a time. */
export interface FeatureSource {
  /** Where they come from, for messages. */
  readonly place: string;
  readonly rows: number;
  readonly dimensions: number;
  /** Read the rows from `start` on into `out`, whose length is a multiple of `dimensions`; reads may overlap in time. */
  read(start: number, out: Float32Array): Promise<void>;
}

/**
 * The features in a `.npy` file: float32 [images, dimensions]; other types are converted to float32.
 *
 * @param images number of images: one row each.
 * @throws {DatasetError} if the file is no matrix, or has another number of rows.
 */
export function npyFeatures(npy: NpyFile, images: number): FeatureSource {
  const [rows, dimensions] = npy.header.shape;
  if (npy.header.shape.length !== 2 || dimensions === 0) {
    throw new DatasetError(
      `${npy.file}: expected features of shape (images, dimensions), got shape (${npy.header.shape.join(', ')})`,
    );
  }
  if (rows !== images) {
    throw new DatasetError(
      `${npy.file}: expected ${images} rows, one for each line of the image list, got ${rows}; extract the features again`,
    );
  }
  return { place: npy.file, rows, dimensions, read: (start, out) => npy.readInto(start * dimensions, out) };
}

/** Features that are in memory: Float32Array [rows, dimensions]. */
export function arrayFeatures(place: string, values: Float32Array, dimensions: number): FeatureSource {
  return {
    place,
    rows: values.length / dimensions,
    dimensions,
    read: async (start, out) => {
      out.set(values.subarray(start * dimensions, start * dimensions + out.length));
    },
  };
}
