import { ProtocolError } from '@retinabench/core';
import type { DenseModelOptions } from '@retinabench/models/node';
import { type DenseHeadFlags, denseOptions } from '../dense/dense-flags.js';
import type { FaceMeshes } from '../dense/face-meshes.js';
import type { DetectionFormat } from './formats.js';

/** The flags that ask for meshes. */
export interface DenseAskedFlags extends DenseHeadFlags {
  readonly dense?: boolean;
  readonly draw?: string;
  readonly minScore: number;
}

/** Meshes that are asked for. */
export interface DenseAsked {
  readonly options: DenseModelOptions & { readonly leastScore: number };
  readonly meshes: FaceMeshes;
}

/**
 * What `--dense` and `--dense-head` ask for; undefined: nothing.
 *
 * @param format of the faces; COCO results and CSV have no place for a mesh.
 * @param mapped whether a map goes over the scores: then any face may reach the least score that is shown.
 * @throws {ProtocolError} if the meshes would be shown nowhere, or flags contradict each other.
 */
export async function denseAsked(
  flags: DenseAskedFlags,
  format: DetectionFormat | undefined,
  mapped: boolean,
): Promise<DenseAsked | undefined> {
  const options = denseOptions(flags);
  if (!flags.dense && flags.denseHead === undefined) return undefined;
  if ((format === 'coco' || format === 'csv') && flags.draw === undefined) {
    throw new ProtocolError(
      `--dense: ${format === 'coco' ? 'COCO results have' : 'CSV has'} no place for a mesh; write the faces as JSON lines, add --draw DIR, or leave --dense out`,
    );
  }
  const [{ loadFaceModel }, { FaceMeshes: Meshes }] = await Promise.all([
    import('@retinabench/backends/runs'),
    import('../dense/face-meshes.js'),
  ]);
  return {
    options: { ...options, leastScore: mapped ? 0 : flags.minScore },
    meshes: new Meshes(await loadFaceModel()),
  };
}
