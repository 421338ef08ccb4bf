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
  const progress = startProgress(output, Math.max(1, rounds) * faces.length, 'rounds');
  const meshes: (HeadMesh | LostMesh)[] = [];
  try {
    for (const face of faces) {
      const done = meshes.length * rounds;
      try {
        const fitted = await fitFrom(model, image, face, rounds, (round) => progress.update(done + round), signal);
        meshes.push(meshOf(model, face, fitted));
      } catch (error) {
        if (!isRetinaBenchError(error)) throw error;
        meshes.push({ face, lost: error.message });
      }
    }
  } finally {
    progress.stop();
  }
  return meshes;
}

type Parameters = Pick<HeadFace['start'], 'latent' | 'camera' | 'illumination'>;

/** What the head gave, or what `rounds` rounds of fitting make of it: two fifths of them at half the size. */
async function fitFrom(
  model: FaceModel,
  image: RgbImage,
  { frame, landmarks, start }: HeadFace,
  rounds: number,
  onRound: (round: number) => void,
  signal: AbortSignal,
): Promise<Parameters> {
  if (rounds === 0) return start;
  const coarse = Math.round(rounds * 0.4);
  const schedule = [
    { cropPx: 64, rounds: coarse },
    { cropPx: 128, rounds: rounds - coarse },
  ];
  const steps = fitFaceByRounds(model, image, frame, landmarks, { schedule, start });
  for (let round = 1; ; round++) {
    const next = steps.next();
    if (next.done) return next.value;
    onRound(round);
    await setImmediate();
    signal.throwIfAborted();
  }
}

function meshOf(model: FaceModel, face: HeadFace, fitted: Parameters): HeadMesh {
  const { frame, landmarks, boxXyxy } = face;
  const { latent, camera, illumination } = {
    latent: Float32Array.from(fitted.latent),
    camera: Float64Array.from(fitted.camera),
    illumination: Float64Array.from(fitted.illumination),
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
