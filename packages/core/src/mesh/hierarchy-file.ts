import { ModelError } from '../errors.js';
import { readSafetensors } from '../safetensors/read.js';
import type { StoredTensor, TensorFile } from '../safetensors/tensor.js';
import { writeSafetensors } from '../safetensors/write.js';
import { assertCsr, type CsrMatrix } from './csr.js';
import { type MeshHierarchy, type MeshLevel, meshLevel } from './hierarchy.js';
import { assertManifold } from './manifold.js';

/** Most levels that a file may hold. */
const levelLimit = 16;

/**
 * A hierarchy as one safetensors file: positions and triangles of each level, the up-sampling matrices, and the
 * metadata. The Laplacians are not stored; they follow from the triangles.
 *
 * @param metadata what else to state: source, licence.
 */
export function saveHierarchy(hierarchy: MeshHierarchy, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const tensors = new Map<string, StoredTensor>();
  hierarchy.levels.forEach(({ mesh }, index) => {
    const { positions, triangles } = mesh;
    tensors.set(`level.${index}.positions`, { format: 'F32', shape: [positions.length / 3, 3], data: positions });
    tensors.set(`level.${index}.triangles`, { format: 'U32', shape: [triangles.length / 3, 3], data: triangles });
  });
  hierarchy.upsample.forEach(({ rowStart, columnIndex, values }, index) => {
    const entries = values.length;
    tensors.set(`upsample.${index}.rowStart`, { format: 'U32', shape: [rowStart.length], data: rowStart });
    tensors.set(`upsample.${index}.columnIndex`, { format: 'U32', shape: [entries], data: columnIndex });
    tensors.set(`upsample.${index}.values`, { format: 'F32', shape: [entries], data: Float32Array.from(values) });
  });
  return writeSafetensors({ tensors, metadata: { ...metadata, levels: `${hierarchy.levels.length}` } });
}

/**
 * Read a hierarchy that saveHierarchy wrote.
 *
 * @param place the file's name, for messages.
 * @throws {ModelError} if the file is no safetensors file, or a tensor is missing or does not fit the others.
 * @throws {ShapeError} if a triangle or a matrix entry points outside its level.
 * @throws {DatasetError} if a level is no manifold.
 * Cost: O(bytes), and a power iteration a level.
 */
export function loadHierarchy(bytes: Uint8Array, place: string): MeshHierarchy {
  const file = readSafetensors(bytes, place);
  const levelCount = Number(file.metadata.levels);
  if (!Number.isInteger(levelCount) || levelCount < 1 || levelCount > levelLimit) {
    throw new ModelError(
      `${place}: expected metadata levels from 1 to ${levelLimit}, got ${file.metadata.levels}; check that it is a mesh hierarchy`,
    );
  }
  const levels: MeshLevel[] = [];
  for (let index = 0; index < levelCount; index++) levels.push(readLevel(file, index, place));
  const upsample: CsrMatrix[] = [];
  for (let index = 0; index + 1 < levelCount; index++) {
    const matrix: CsrMatrix = {
      rows: levels[index].lhat.rows,
      columns: levels[index + 1].lhat.rows,
      rowStart: tensorOf(file, `upsample.${index}.rowStart`, Uint32Array, place),
      columnIndex: tensorOf(file, `upsample.${index}.columnIndex`, Uint32Array, place),
      values: tensorOf(file, `upsample.${index}.values`, Float32Array, place),
    };
    assertCsr(matrix, `${place}: upsample.${index}`);
    upsample.push(matrix);
  }
  return { levels, upsample };
}

function readLevel(file: TensorFile, index: number, place: string): MeshLevel {
  const positions = tensorOf(file, `level.${index}.positions`, Float32Array, place);
  const triangles = tensorOf(file, `level.${index}.triangles`, Uint32Array, place);
  if (positions.length % 3 !== 0 || positions.length === 0 || !positions.every((value) => Number.isFinite(value))) {
    throw new ModelError(
      `${place}: expected finite level.${index}.positions [n, 3] with n of at least 1, got ${positions.length} numbers; build the hierarchy again`,
    );
  }
  assertManifold(triangles, positions.length / 3, `${place}: level.${index}`);
  return meshLevel({ positions, triangles });
}

function tensorOf<T extends StoredTensor['data']>(
  file: TensorFile,
  name: string,
  kind: abstract new (...args: never[]) => T,
  place: string,
): T {
  const data = file.tensors.get(name)?.data;
  if (!(data instanceof kind)) {
    throw new ModelError(
      `${place}: expected ${name} as ${kind.name}, got ${data ? data.constructor.name : 'nothing'}; build the hierarchy again`,
    );
  }
  return data;
}
