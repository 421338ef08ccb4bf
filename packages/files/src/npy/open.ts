import { type FileHandle, open } from 'node:fs/promises';
import { DatasetError, refuseLfsPointer } from '@retinabench/core/basics';
import { decodeFloat16 } from '@retinabench/core/float16';
import { requireRegularFile } from '../require-regular-file.js';
import { maxHeaderBytes, type NpyHeader, type NpyType, parseNpyHeader } from './header.js';

/** A `.npy` file that is open for reading. */
export interface NpyFile {
  readonly file: string;
  readonly header: NpyHeader;
  /**
   * Read `out.length` elements from element `start` on, converted to the type of `out`.
   *
   * @throws {DatasetError} if the file ends before them.
   */
  readInto(start: number, out: Float32Array | Float64Array): Promise<void>;
  close(): Promise<void>;
}

const chunkBytes = 1 << 23;

/**
 * Open a `.npy` file and read it piece by piece, so that a file of any size needs at most 8 MiB beside its result.
 *
 * @param order of a matrix: `rows` refuses one in Fortran order, whose rows are not in one piece; `any` gives its elements as they lie.
 * @throws {DatasetError} if the file cannot be read, is a Git LFS pointer or is not a `.npy` file of numbers (parseNpyHeader).
 */
export async function openNpy(file: string, order: 'rows' | 'any' = 'rows'): Promise<NpyFile> {
  const handle = await openFile(file);
  try {
    const fileBytes = (await handle.stat()).size;
    const first = new Uint8Array(Math.min(maxHeaderBytes, fileBytes));
    await readFully(handle, first, 0, file);
    refuseLfsPointer(first, file);
    const header = parseNpyHeader(first, fileBytes, file);
    if (order === 'rows' && header.fortranOrder) {
      throw new DatasetError(
        `${file}: expected rows in C order, got Fortran order; save numpy.ascontiguousarray(array)`,
      );
    }
    let spare: Uint8Array<ArrayBuffer> | undefined;
    return {
      file,
      header,
      close: () => handle.close(),
      readInto: async (start, out) => {
        const from = header.dataOffset + start * header.itemBytes;
        if (header.type === 'f4' && out instanceof Float32Array) {
          await readFully(handle, new Uint8Array(out.buffer, out.byteOffset, out.byteLength), from, file);
          return;
        }
        const itemsAtOnce = Math.floor(chunkBytes / header.itemBytes);
        // Each read that is under way has a buffer of its own.
        const raw = spare ?? new Uint8Array(Math.min(itemsAtOnce, header.items) * header.itemBytes);
        spare = undefined;
        for (let done = 0; done < out.length; done += itemsAtOnce) {
          const part = out.subarray(done, Math.min(done + itemsAtOnce, out.length));
          await readFully(
            handle,
            raw.subarray(0, part.length * header.itemBytes),
            from + done * header.itemBytes,
            file,
          );
          convert(raw.buffer, header.type, part);
        }
        spare = raw;
      },
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openFile(file: string): Promise<FileHandle> {
  await requireRegularFile(file);
  try {
    return await open(file);
  } catch (cause) {
    throw new DatasetError(`${file}: cannot be read (${(cause as Error).message}); check the path`, { cause });
  }
}

async function readFully(handle: FileHandle, into: Uint8Array, position: number, file: string): Promise<void> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await handle.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) {
      throw new DatasetError(
        `${file}: expected ${into.length} bytes at byte ${position}, got ${done}; the file became shorter while it was read`,
      );
    }
    done += bytesRead;
  }
}

function convert(buffer: ArrayBuffer, type: NpyType, out: Float32Array | Float64Array): void {
  switch (type) {
    case 'f2':
      out.set(decodeFloat16(new Uint16Array(buffer, 0, out.length)));
      return;
    case 'i8':
    case 'u8': {
      const wide = type === 'i8' ? new BigInt64Array(buffer) : new BigUint64Array(buffer);
      for (let i = 0; i < out.length; i++) out[i] = Number(wide[i]);
      return;
    }
    default:
      out.set(new plainArrays[type](buffer, 0, out.length));
  }
}

const plainArrays = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  b1: Uint8Array,
};
