import { setImmediate } from 'node:timers/promises';
import type { RgbImage } from '@retinabench/backends';
import { type FaceModel, fitFaceByRounds, isRetinaBenchError } from '@retinabench/core';
import { isDoubtful } from '../dense/doubtful.js';
import type { DrawnFace } from '../dense/draw-meshes.js';
import type { Output } from '../terminal/output.js';
import { startProgress } from '../terminal/progress.js';
import type { HeadFace } from './head-faces.js';
import { landmarkErrorPx } from './landmark-error.js';

/** A mesh of the dense head, fitted further or not. */
export interface HeadMesh extends DrawnFace {
  readonly face: HeadFace;
  /** Mean distance of the mesh's landmarks from the detected ones. */
  readonly landmarkErrorPx: number;
  /** The same as a share of sqrt(w h) of the box. */
  readonly landmarkErrorShare: number;
}

/** A face of which no mesh can be drawn, with the reason. */
export interface LostMesh {
  readonly face: HeadFace;
  readonly lost: string;
}

/**
 * The meshes of faces: as the dense head gives them, or after `rounds` rounds of fitting from there.
 *
 * @throws the signal's reason if it is aborted.
 */
export async function headMeshes(
  model: FaceModel,
  image: RgbImage,
  faces: readonly HeadFace[],
  rounds: number,
  output: Output,
  signal: AbortSignal,
): Promise<(HeadMesh | LostMesh)[]> {
  const coarse = Math.round(rounds * 0.4);
  const schedule = [
    { cropPx: 64, rounds: coarse },
    { cropPx: 128, rounds: rounds - coarse },
  ];
  const progress = startProgress(output, Math.max(1, rounds) * faces.length, 'rounds');
  const meshes: (HeadMesh | LostMesh)[] = [];
  try {
    for (const face of faces) {
      try {
        meshes.push(await meshOf(face, meshes.length));
      } catch (error) {
        if (!isRetinaBenchError(error)) throw error;
        meshes.push({ face, lost: error.message });
      }
    }
  } finally {
    progress.stop();
  }
  return meshes;

  async function meshOf(face: HeadFace, done: number): Promise<HeadMesh> {
    const { frame, landmarks, start, boxXyxy } = face;
    let found = { latent: start.latent, camera: start.camera, illumination: start.illumination };
    if (rounds > 0) {
      const steps = fitFaceByRounds(model, image, frame, landmarks, { schedule, start });
      for (let round = 1; ; round++) {
        const next = steps.next();
        if (next.done) {
          found = next.value;
          break;
        }
        progress.update(done * rounds + round);
        await setImmediate();
        signal.throwIfAborted();
      }
    }
    const { latent, camera, illumination } = {
      latent: Float32Array.from(found.latent),
      camera: Float64Array.from(found.camera),
      illumination: Float64Array.from(found.illumination),
    };
    const errorPx = landmarkErrorPx(model, { latent, camera, illumination, rounds: [] }, frame, landmarks);
    const [x1, y1, x2, y2] = boxXyxy;
    const share = errorPx / Math.sqrt((x2 - x1) * (y2 - y1));
    return {
      face,
      frame,
      latent,
      camera,
      illumination,
      landmarkErrorPx: errorPx,
      landmarkErrorShare: share,
      doubtful: isDoubtful(share),
    };
  }
}

/** What the JSON file says of a mesh. */
export function meshSummary(mesh: HeadMesh | LostMesh): Readonly<Record<string, unknown>> {
  const { score, boxXyxy, landmarks, frame } = mesh.face;
  if ('lost' in mesh) return { score, boxXyxy, landmarks, frame, lost: mesh.lost };
  return {
    score,
    boxXyxy,
    landmarks,
    frame,
    landmarkErrorPx: mesh.landmarkErrorPx,
    landmarkErrorShare: mesh.landmarkErrorShare,
    doubtful: isDoubtful(mesh.landmarkErrorShare),
    parameters: {
      shapeAndTexture: Array.from(mesh.latent),
      camera: Array.from(mesh.camera),
      illumination: Array.from(mesh.illumination),
    },
  };
}
