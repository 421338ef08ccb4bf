import { type Detections, loadDetector, type RgbImage } from '@retinabench/backends';
import { DatasetError, isRetinaBenchError, ProtocolError } from '@retinabench/core';
import { defaultModelId } from '@retinabench/models';
import { type LoadedModel, resolveModel } from '@retinabench/models/node';

/** The detector that `fit` prefers, since it gives landmarks. */
const preferredModelId = 'retinaface-mnet025';

/** Where landmarks lie in an upright frontal face, as fractions of its box: the mean of detections on frontal faces. */
const usualLandmarks = [0.32, 0.4, 0.68, 0.4, 0.5, 0.6, 0.36, 0.77, 0.64, 0.77];

/** The face to fit. */
export interface LocatedFace {
  readonly boxXyxy: readonly number[];
  /** Ten numbers: five landmarks in pixels. */
  readonly landmarks: readonly number[];
  /** What gave the landmarks: `flags`, a model's id, or `box` where they were guessed from it. */
  readonly landmarksFrom: string;
}

/** What the user said about the face and the detector. */
export interface FaceFlags {
  readonly box?: readonly number[];
  readonly landmarks?: readonly number[];
  readonly model?: string;
  readonly backend: string;
  readonly threads: number;
}

/**
 * Find the face to fit: from the flags alone where they give box and landmarks; else by detection, of the largest face,
 * or of the one that overlaps `--box` most. Where the detector has no landmarks, or finds no face in `--box`, they are
 * guessed from the box.
 *
 * @throws {DatasetError} if there is no face.
 * @throws {ModelError}, {BackendError} as the detector.
 */
export async function locateFace(image: RgbImage, flags: FaceFlags, place: string): Promise<LocatedFace> {
  const box = flags.box && boxInside(flags.box, image);
  if (box && flags.landmarks) {
    assertNear(box, flags.landmarks);
    return { boxXyxy: box, landmarks: flags.landmarks, landmarksFrom: 'flags' };
  }
  if (flags.landmarks) {
    throw new ProtocolError('--landmarks: expected --box x,y,w,h beside it, got none; give both, or neither to detect');
  }
  const model = await detectorModel(flags.model);
  const loaded = await loadDetector(model, flags.backend, { scoreFloor: 0.3 }, { threads: flags.threads });
  try {
    const found = await loaded.detector.detect(image);
    const index = box ? mostOverlapping(found, box) : largest(found);
    if (index < 0 && box === undefined) {
      throw new DatasetError(
        `${place}: expected a face, but ${model.card.id} found none with a score of 0.3 or more; give --box x,y,w,h, or another --model`,
      );
    }
    const boxXyxy = box ?? Array.from(found.boxesXyxy.subarray(index * 4, index * 4 + 4));
    if (index >= 0 && found.landmarks) {
      const landmarks = Array.from(found.landmarks.subarray(index * 10, index * 10 + 10));
      return { boxXyxy, landmarks, landmarksFrom: model.card.id };
    }
    return { boxXyxy, landmarks: guessedLandmarks(boxXyxy), landmarksFrom: 'box' };
  } finally {
    await loaded.dispose();
  }
}

/** The model asked for; else the preferred one, or the embedded one where that is not here. */
async function detectorModel(asked: string | undefined): Promise<LoadedModel> {
  if (asked !== undefined) return resolveModel(asked);
  try {
    return await resolveModel(preferredModelId);
  } catch (error) {
    if (!isRetinaBenchError(error)) throw error;
    return resolveModel(defaultModelId);
  }
}

/** (x, y, w, h) as corners. @throws {DatasetError} unless it has area and touches the image. */
function boxInside([x, y, w, h]: readonly number[], { widthPx, heightPx }: RgbImage): readonly number[] {
  if (!(w > 0 && h > 0 && x < widthPx && y < heightPx && x + w > 0 && y + h > 0)) {
    throw new DatasetError(
      `--box: expected x,y,w,h with area inside the image of ${widthPx} x ${heightPx}, got ${[x, y, w, h].join(',')}`,
    );
  }
  return [x, y, x + w, y + h];
}

/** @throws {DatasetError} if a landmark lies further from the box than half its sides. */
function assertNear([x1, y1, x2, y2]: readonly number[], landmarks: readonly number[]): void {
  const [spareX, spareY] = [(x2 - x1) / 2, (y2 - y1) / 2];
  for (let at = 0; at < landmarks.length; at += 2) {
    const [x, y] = [landmarks[at], landmarks[at + 1]];
    if (x >= x1 - spareX && x <= x2 + spareX && y >= y1 - spareY && y <= y2 + spareY) continue;
    throw new DatasetError(
      `--landmarks: expected five points of the face in --box (corners ${x1},${y1} and ${x2},${y2}), got ${x},${y}; check their order, x before y`,
    );
  }
}

function guessedLandmarks([x1, y1, x2, y2]: readonly number[]): number[] {
  return usualLandmarks.map((fraction, at) => (at % 2 === 0 ? x1 + fraction * (x2 - x1) : y1 + fraction * (y2 - y1)));
}

function largest({ count, boxesXyxy }: Detections): number {
  const area = (index: number): number => {
    const [x1, y1, x2, y2] = boxesXyxy.subarray(index * 4, index * 4 + 4);
    return (x2 - x1) * (y2 - y1);
  };
  let best = -1;
  for (let index = 0; index < count; index++) if (best < 0 || area(index) > area(best)) best = index;
  return best;
}

/** The detection of highest IoU with the box, -1 if none reaches 0.3. */
function mostOverlapping({ count, boxesXyxy }: Detections, [x1, y1, x2, y2]: readonly number[]): number {
  let [best, bestIou] = [-1, 0.3];
  for (let index = 0; index < count; index++) {
    const [a1, b1, a2, b2] = boxesXyxy.subarray(index * 4, index * 4 + 4);
    const shared = Math.max(0, Math.min(x2, a2) - Math.max(x1, a1)) * Math.max(0, Math.min(y2, b2) - Math.max(y1, b1));
    const iou = shared / ((x2 - x1) * (y2 - y1) + (a2 - a1) * (b2 - b1) - shared);
    if (iou >= bestIou) [best, bestIou] = [index, iou];
  }
  return best;
}
