import type { RgbImage } from '@retinabench/backends';
import type { FaceModel } from '@retinabench/core';
import sharp from 'sharp';
import { isDoubtful } from '../dense/doubtful.js';
import { drawMeshes } from '../dense/draw-meshes.js';
import { writeOutput } from '../terminal/output-file.js';
import type { Column } from '../terminal/table.js';
import type { HeadMesh, LostMesh } from './head-meshes.js';
import { fitOutput, fittedObj } from './write-results.js';

/** The table of meshes. */
export const meshColumns: readonly Column[] = [
  { heading: 'face', numeric: true },
  { heading: 'score', numeric: true },
  { heading: 'height', numeric: true },
  { heading: 'landmarks off', numeric: true },
  { heading: 'of the face', numeric: true },
  { heading: '' },
];

/** A row of it. */
export function meshRow(mesh: HeadMesh | LostMesh, index: number): string[] {
  const { score, boxXyxy } = mesh.face;
  const first = [`${index + 1}`, score.toFixed(3), `${Math.round(boxXyxy[3] - boxXyxy[1])} px`];
  if ('lost' in mesh) return [...first, '', '', `no mesh: ${mesh.lost}`];
  const share = `${(100 * mesh.landmarkErrorShare).toFixed(1)} %`;
  return [
    ...first,
    `${mesh.landmarkErrorPx.toFixed(1)} px`,
    share,
    isDoubtful(mesh.landmarkErrorShare) ? 'doubtful' : '',
  ];
}

/**
 * Write the photograph with the meshes over it, each mesh, and the JSON, each file atomically.
 *
 * @param stem path without extension.
 */
export async function writeMeshes(
  stem: string,
  model: FaceModel,
  image: RgbImage,
  meshes: readonly (HeadMesh | LostMesh)[],
  summary: unknown,
): Promise<void> {
  const drawn = meshes.filter((mesh): mesh is HeadMesh => !('lost' in mesh));
  for (const look of ['shape', 'render'] as const) {
    const { data, widthPx: width, heightPx: height } = drawMeshes(model, image, drawn, look);
    const png = await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
    await writeOutput(`${stem}-${look}.png`, png, fitOutput);
  }
  for (const [index, mesh] of meshes.entries()) {
    if ('lost' in mesh) continue;
    await writeOutput(`${stem}-${index + 1}.obj`, fittedObj(model, Float32Array.from(mesh.latent)), fitOutput);
  }
  await writeOutput(`${stem}.json`, `${JSON.stringify(summary, undefined, 2)}\n`, fitOutput);
}
