import { ShapeError } from '../errors.js';
import type { CsrMatrix } from './csr.js';
import { decimate } from './decimate.js';
import { laplacianOf } from './laplacian.js';
import { largestEigenvalue } from './power-iteration.js';
import { scaledLaplacian } from './scaled-laplacian.js';
import { adjacencyOf } from './topology.js';
import type { TriangleMesh } from './triangle-mesh.js';
import { upsampleMatrix } from './upsample.js';

/** One resolution of a hierarchy. */
export interface MeshLevel {
  readonly mesh: TriangleMesh;
  /** The scaled Laplacian of the level, float32. */
  readonly lhat: CsrMatrix;
}

/** A mesh in several resolutions, finest first, and the matrices between them. */
export interface MeshHierarchy {
  readonly levels: readonly MeshLevel[];
  /** `upsample[i]` takes values on level i + 1 to level i; one fewer than levels. */
  readonly upsample: readonly CsrMatrix[];
}

/** Vertices of a level over those of the next coarser one. */
const decimationFactor = 4;

/**
 * Build a hierarchy by decimation with a factor of 4 a level.
 *
 * @param mesh       the finest level; an oriented manifold (decimate).
 * @param levelCount levels in all, at least 1.
 * @param place      what the mesh is, for messages.
 * @returns levels of ceil(n / 4^i) vertices with the normalised Laplacian scaled by its own largest eigenvalue.
 * @throws {ShapeError} if `levelCount` is not a whole number of at least 1, or a level would have fewer than 3 vertices.
 * @throws {DatasetError} as decimate.
 * Cost: O(n log n) for decimation, and upsampleMatrix a level.
 * Source: arXiv:1905.00641, section 3.2; the factor from arXiv:1807.10267, section 3.
 */
export function buildHierarchy(mesh: TriangleMesh, levelCount: number, place: string): MeshHierarchy {
  if (!Number.isInteger(levelCount) || levelCount < 1) {
    throw new ShapeError(`${place}: expected at least one level, got ${levelCount}`);
  }
  const levels = [meshLevel(mesh)];
  const upsample: CsrMatrix[] = [];
  while (levels.length < levelCount) {
    const fine = levels[levels.length - 1].mesh;
    const coarse = decimate(
      fine,
      Math.ceil(fine.positions.length / 3 / decimationFactor),
      `${place}, level ${levels.length}`,
    );
    upsample.push(upsampleMatrix(fine, coarse));
    levels.push(meshLevel(coarse.mesh));
  }
  return { levels, upsample };
}

/** A mesh with the scaled Laplacian of its graph. */
export function meshLevel(mesh: TriangleMesh): MeshLevel {
  const laplacian = laplacianOf(adjacencyOf(mesh.triangles, mesh.positions.length / 3), 'normalised');
  return { mesh, lhat: scaledLaplacian(laplacian, largestEigenvalue(laplacian, { tolerance: 1e-9 }).value) };
}
