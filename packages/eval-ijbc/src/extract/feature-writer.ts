import { closeSync, existsSync, ftruncateSync, openSync, renameSync, writeSync } from 'node:fs';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import { encodeNpyHeader, openNpy } from '@retinabench/files';

/** A `.npy` file of features whose rows are written in any order. */
export interface FeatureWriter {
  /** Write the feature of one image. */
  write(row: number, feature: Float32Array): void;
  close(): void;
}

/**
 * Open a feature file for writing, or begin one; the file has its full size from the start, so that every row has its
 * place.
 *
 * @throws {DatasetError} if the file is there with another shape.
 * @throws {EnvironmentError} if it cannot be written, for want of space for instance.
 */
export async function openFeatureWriter(file: string, rows: number, dimensions: number): Promise<FeatureWriter> {
  const header = encodeNpyHeader('<f4', [rows, dimensions]);
  let descriptor: number;
  if (existsSync(file)) {
    const npy = await openNpy(file);
    await npy.close();
    if (npy.header.shape.join() !== [rows, dimensions].join()) {
      throw new DatasetError(
        `${file}: expected features of shape (${rows}, ${dimensions}), got (${npy.header.shape.join(', ')}); run again with --fresh`,
      );
    }
    descriptor = openSync(file, 'r+');
  } else {
    descriptor = begin(file, header, header.length + rows * dimensions * 4);
  }
  return {
    write: (row, feature) => {
      if (feature.length !== dimensions) {
        throw new DatasetError(`${file}: expected ${dimensions} numbers in row ${row}, got ${feature.length}`);
      }
      const bytes = new Uint8Array(feature.buffer, feature.byteOffset, feature.byteLength);
      writeAll(descriptor, bytes, header.length + row * dimensions * 4, file);
    },
    close: () => closeSync(descriptor),
  };
}

/** Under another name until it has its size, so that a run that is killed here leaves nothing half made. */
function begin(file: string, header: Uint8Array, bytes: number): number {
  try {
    const descriptor = openSync(`${file}.new`, 'w+');
    writeAll(descriptor, header, 0, file);
    ftruncateSync(descriptor, bytes);
    renameSync(`${file}.new`, file);
    return descriptor;
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
}

function writeAll(descriptor: number, bytes: Uint8Array, position: number, file: string): void {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at, bytes.length - at, position + at);
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
}

function cannotWrite(file: string, cause: unknown): EnvironmentError {
  if (cause instanceof EnvironmentError) return cause;
  return new EnvironmentError(
    `${file}: cannot write (${(cause as Error).message}); make room and run the same command again, it goes on where it stopped`,
    { cause },
  );
}
