import type { RgbImage } from '@retinabench/backends';
import { type FaceAnnotations, flipBoxes, flipLandmarks, resizeBilinear } from '@retinabench/core';

/** Side of a crop over the short side of the photograph, and the mean of the training images (RGB) that fills what lies outside. */
const [smallest, largest] = [0.3, 1.3];
const mean = [123, 117, 104] as const;
/** Places that are tried for one that holds the centre of a face. */
const attempts = 30;

/** A photograph with its faces, in its pixels. */
export interface AnnotatedPhotograph {
  readonly image: RgbImage;
  readonly faces: Required<FaceAnnotations>;
}

/** What the network sees: BGR minus the mean, [side, side, 3], and the faces whose centre lies inside, in its pixels. */
export interface TrainingCrop {
  readonly pixels: Float32Array;
  readonly faces: Required<FaceAnnotations>;
}

/**
 * A square part of a photograph, half of the time mirrored: 0.3 to 1.3 of its short side, where it holds the centre of a
 * face if one is to be had.
 *
 * Source: arXiv:1905.00641, section 4.2.
 */
export function trainingCrop(
  { image, faces }: AnnotatedPhotograph,
  sidePx: number,
  random: () => number,
): TrainingCrop {
  const { widthPx, heightPx } = image;
  let crop = { x: 0, y: 0, edge: 1 };
  let inside: number[] = [];
  for (let attempt = 0; attempt < attempts && inside.length === 0; attempt++) {
    const edge = Math.max(Math.round(Math.min(widthPx, heightPx) * (smallest + (largest - smallest) * random())), 16);
    const along = (length: number): number =>
      Math.round(Math.min(0, length - edge) + random() * Math.abs(length - edge));
    crop = { x: along(widthPx), y: along(heightPx), edge };
    inside = facesInside(faces.boxesXyxy, crop);
  }
  const cut = cutOut(image, crop);
  const geometry = { sourceWidthPx: crop.edge, sourceHeightPx: crop.edge, widthPx: sidePx, heightPx: sidePx };
  const pixels = resizeBilinear(cut, geometry, new Float32Array(sidePx * sidePx * 3));
  const mirror = random() < 0.5;
  const seen = carry(faces, inside, crop, sidePx);
  if (mirror) {
    flipBoxes(seen.boxesXyxy, sidePx, seen.boxesXyxy);
    flipLandmarks(seen.landmarks, sidePx, seen.landmarks);
  }
  return { pixels: networkPixels(pixels, sidePx, mirror), faces: seen };
}

interface Square {
  readonly x: number;
  readonly y: number;
  readonly edge: number;
}

function facesInside(boxesXyxy: FaceAnnotations['boxesXyxy'], { x, y, edge }: Square): number[] {
  return Array.from({ length: boxesXyxy.length / 4 }, (_, face) => face).filter((face) => {
    const [x1, y1, x2, y2] = boxesXyxy.subarray(face * 4, face * 4 + 4);
    const [centreX, centreY] = [(x1 + x2) / 2 - x, (y1 + y2) / 2 - y];
    return centreX > 0 && centreX < edge && centreY > 0 && centreY < edge;
  });
}

function cutOut({ widthPx, heightPx, data }: RgbImage, { x, y, edge }: Square): Uint8Array {
  const cut = new Uint8Array(edge * edge * 3);
  const outside = x < 0 || y < 0 || x + edge > widthPx || y + edge > heightPx;
  if (outside) cut.set(mean);
  for (let filled = 3; outside && filled < cut.length; filled *= 2) cut.copyWithin(filled, 0, filled);
  const [left, right] = [Math.max(0, x), Math.min(widthPx, x + edge)];
  for (let row = Math.max(0, y); row < Math.min(heightPx, y + edge); row++) {
    const from = data.subarray((row * widthPx + left) * 3, (row * widthPx + right) * 3);
    cut.set(from, ((row - y) * edge + left - x) * 3);
  }
  return cut;
}

/** Faces in the pixels of the resized crop; landmarks that are not known are NaN. */
function carry(
  faces: Required<FaceAnnotations>,
  chosen: readonly number[],
  { x, y, edge }: Square,
  sidePx: number,
): { boxesXyxy: Float32Array; landmarks: Float32Array } {
  const scale = sidePx / edge;
  const moved = (values: FaceAnnotations['boxesXyxy'], width: number): number[] =>
    chosen.flatMap((face) =>
      Array.from(values.subarray(face * width, (face + 1) * width), (value, k) => (value - (k % 2 ? y : x)) * scale),
    );
  const landmarks = Float32Array.from(moved(faces.landmarks, 10));
  chosen.forEach((face, at) => {
    const missing = faces.landmarks.subarray(face * 10, face * 10 + 10).every((value) => value === -1);
    if (missing) landmarks.fill(Number.NaN, at * 10, at * 10 + 10);
  });
  return { boxesXyxy: Float32Array.from(moved(faces.boxesXyxy, 4)), landmarks };
}

function networkPixels(rgb: Float32Array, sidePx: number, mirror: boolean): Float32Array {
  const pixels = new Float32Array(rgb.length);
  for (let row = 0; row < sidePx; row++) {
    for (let column = 0; column < sidePx; column++) {
      const from = (row * sidePx + (mirror ? sidePx - 1 - column : column)) * 3;
      const to = (row * sidePx + column) * 3;
      for (let channel = 0; channel < 3; channel++) pixels[to + channel] = rgb[from + 2 - channel] - mean[2 - channel];
    }
  }
  return pixels;
}
