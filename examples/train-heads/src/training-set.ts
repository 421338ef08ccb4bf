import path from 'node:path';
import { decodeImage, type RgbImage } from '@retinabench/backends';
import { type AnchorLayout, type FaceAnnotations, generateAnchors, resizeBilinear } from '@retinabench/core';
import { ensureMini, listWiderImages } from '@retinabench/datasets';
import { loadGroundTruth, restrictGroundTruth, type WiderGroundTruth } from '@retinabench/eval-wider';
import { cellFeatures, cellPx } from './features.js';

/** Long side of the network's input. */
const longSidePx = 320;

/**
 * Two levels with anchors of the same shape relative to the stride, so that one set of heads serves both: the coarse
 * level sees the image at a quarter of its size. Strides 8 and 32 for faces of 25 to 60 and of 100 to 240 pixels.
 */
export const layout: AnchorLayout = {
  centre: 'cell',
  levels: [
    { stride: 8, sizesPx: [32, 48] },
    { stride: 32, sizesPx: [128, 192] },
  ],
};

/** One image, ready for training. */
export interface Sample {
  /** `<event>/<image>`. */
  readonly name: string;
  /** Sides of the photograph. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Network pixels per pixel of the photograph. */
  readonly scale: number;
  /** [cells of all levels, featureCount]. */
  readonly features: Float32Array;
  /** [N, 4], in the order of the heads' outputs. */
  readonly anchors: Float32Array;
  /** In network pixels. */
  readonly faces: FaceAnnotations;
}

/** Images and, in pixels of the photographs, their annotation. */
export interface TrainingSet {
  readonly samples: readonly Sample[];
  readonly groundTruth: WiderGroundTruth;
}

/**
 * Load images of the embedded data set whose event begins with one of `events`.
 *
 * @param limit images per event.
 */
export async function loadTrainingSet(events: readonly string[], limit: number): Promise<TrainingSet> {
  const root = await ensureMini();
  const images = await listWiderImages(root);
  const chosen = events.flatMap((prefix) => images.filter(({ event }) => event.startsWith(prefix)).slice(0, limit));
  const names = chosen.map(({ event, image }) => `${event}/${image}`);
  const groundTruth = restrictGroundTruth(loadGroundTruth(path.join(root, 'ground_truth')), new Set(names));
  const samples: Sample[] = [];
  for (const [index, { file }] of chosen.entries()) {
    samples.push(makeSample(names[index], await decodeImage(file, file), groundTruth));
  }
  return { samples, groundTruth };
}

function makeSample(name: string, image: RgbImage, groundTruth: WiderGroundTruth): Sample {
  const scale = longSidePx / Math.max(image.widthPx, image.heightPx);
  const side = (sidePx: number): number => Math.round(sidePx * scale);
  const [inputWidthPx, inputHeightPx] = [side(image.widthPx), side(image.heightPx)];
  const levels = layout.levels.map(({ stride }) => {
    const reduction = stride / cellPx;
    const widthPx = Math.ceil(inputWidthPx / reduction);
    const heightPx = Math.ceil(inputHeightPx / reduction);
    const geometry = { sourceWidthPx: image.widthPx, sourceHeightPx: image.heightPx, widthPx, heightPx };
    const data = resizeBilinear(image.data, geometry, new Float32Array(widthPx * heightPx * 3));
    return cellFeatures({ widthPx, heightPx, data });
  });
  const features = new Float32Array(levels.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const level of levels) {
    features.set(level, at);
    at += level.length;
  }
  const anchors = generateAnchors(layout, inputWidthPx, inputHeightPx);
  const faces = scaledFaces(groundTruth, groundTruth.images.indexOf(name), scale);
  return { name, widthPx: image.widthPx, heightPx: image.heightPx, scale, features, anchors, faces };
}

function scaledFaces({ start, boxesXywh, landmarks }: WiderGroundTruth, image: number, scale: number): FaceAnnotations {
  const boxesXyxy: number[] = [];
  for (let face = start[image]; face < start[image + 1]; face++) {
    const [x, y, w, h] = boxesXywh.subarray(face * 4, face * 4 + 4);
    boxesXyxy.push(x * scale, y * scale, (x + w) * scale, (y + h) * scale);
  }
  const points = landmarks.subarray(start[image] * 10, start[image + 1] * 10);
  const scaled = points.map((value) => (value === -1 ? -1 : value * scale));
  return {
    boxesXyxy: Float64Array.from(boxesXyxy),
    ...(landmarks.length === 0 ? {} : { landmarks: scaled }),
  };
}
