import { type Detections, loadDetector, type RgbImage } from '@retinabench/backends';
import { boxIou, type CropFrame, type FitStart, ModelError, splitDense } from '@retinabench/core';
import { defaultModelId } from '@retinabench/models';
import { denseModel, resolveModel } from '@retinabench/models/node';
import { type DenseHeadFlags, denseOptions } from '../dense/dense-flags.js';
import { printNote } from '../terminal/output.js';
import type { FaceFlags } from './locate-face.js';

/** Least score of a face. */
const scoreFloor = 0.5;

/** A face as the dense head sees it. */
export interface HeadFace {
  readonly score: number;
  readonly boxXyxy: readonly number[];
  /** Ten numbers: the detector's five landmarks, pixels. */
  readonly landmarks: readonly number[];
  /** The square of the image that the head's camera looks at. */
  readonly frame: CropFrame;
  readonly start: FitStart;
}

/** What the dense head gives for an image. */
export interface HeadFaces {
  readonly modelId: string;
  readonly faces: readonly HeadFace[];
}

/**
 * Every face of an image with the dense head's P_ST, P_cam and P_ill, in one pass of the network; with `--box` the one face
 * that overlaps it most.
 *
 * @throws {ModelError} if the model has neither a dense head nor one in this package, or no landmarks.
 */
export async function headFaces(image: RgbImage, flags: FaceFlags & DenseHeadFlags): Promise<HeadFaces> {
  const model = await denseModel(await resolveModel(flags.model ?? defaultModelId), denseOptions(flags));
  for (const note of model.warnings) printNote(note);
  const loaded = await loadDetector(model, flags.backend, { scoreFloor }, { threads: flags.threads });
  try {
    const found = await loaded.detector.detect(image);
    if (found.landmarks === undefined || found.dense === undefined) {
      throw new ModelError(
        `model ${model.card.id}: expected landmarks beside the dense head, got none; choose another`,
      );
    }
    const chosen = flags.box ? overlapping(found, flags.box) : Array.from({ length: found.count }, (_, face) => face);
    return { modelId: model.card.id, faces: chosen.map((face) => faceOf(found, face)) };
  } finally {
    await loaded.dispose();
  }
}

function faceOf({ boxesXyxy, scores, landmarks, dense }: Detections, face: number): HeadFace {
  const row = (values: Float32Array | undefined, width: number): Float32Array =>
    (values as Float32Array).subarray(face * width, (face + 1) * width);
  const [x1, y1, x2, y2] = row(dense?.squaresXyxy, 4);
  return {
    score: scores[face],
    boxXyxy: Array.from(row(boxesXyxy, 4)),
    landmarks: Array.from(row(landmarks, 10)),
    frame: { centreX: (x1 + x2) / 2, centreY: (y1 + y2) / 2, sidePx: y2 - y1, roll: dense?.rolls[face] ?? 0 },
    start: splitDense(row(dense?.parameters, 144)),
  };
}

/** The detection of highest IoU with the box (x, y, w, h), if it is 0.3 or more. */
function overlapping({ count, boxesXyxy }: Detections, [x, y, w, h]: readonly number[]): number[] {
  const wanted = Float32Array.of(x, y, x + w, y + h);
  let [best, bestIou] = [-1, 0.3];
  for (let face = 0; face < count; face++) {
    const iou = boxIou(boxesXyxy, face, wanted, 0, 0);
    if (iou >= bestIou) [best, bestIou] = [face, iou];
  }
  return best < 0 ? [] : [best];
}
