import { seededRandom } from '@retinabench/core/basics';
import type { ImageSize } from '../../predictions/box-frame.js';
import type { DiagnosisInput } from '../diagnosis.js';

/** An image on which readings are tried. */
export interface SampleImage {
  readonly name: string;
  /** Faces that count in `hard`, (x, y, w, h), the largest first. */
  readonly facesXywh: Float64Array;
  /** Detections as they stand in the file, four numbers each. */
  readonly boxes: Float64Array;
  readonly size?: ImageSize;
}

/** Images of a sample; enough to tell a reading by, few enough to try hundreds. */
const mostImages = 120;

/** Detections of an image that are tried: the first and the last, since files may stand in the wrong order. */
const mostFirst = 60;
const mostLast = 20;

/** Faces of an image that are looked for. */
const mostFaces = 40;

/**
 * A seeded sample of the images with faces that count and detections, those whose size is known before the others.
 *
 * @param boxesOf four numbers of each detection of an image of the predictions.
 * Cost: linear in the images; sizes are read of the sample alone.
 */
export function sampleImages(
  { groundTruth, predictions, sizeOf }: DiagnosisInput,
  boxesOf: (place: number) => Float64Array = (place) =>
    predictions.boxesXywh.subarray(4 * predictions.start[place], 4 * predictions.start[place + 1]),
): SampleImage[] {
  const places = new Map(predictions.images.map((name, index) => [name, index]));
  const random = seededRandom(1);
  const eligible = groundTruth.images.flatMap((name, image) => {
    const place = places.get(name);
    if (place === undefined || predictions.start[place] === predictions.start[place + 1]) return [];
    return hasCountedFace(groundTruth, image) ? [{ name, place, image, key: random() }] : [];
  });
  eligible.sort((a, b) => a.key - b.key);
  const sized: SampleImage[] = [];
  const unsized: SampleImage[] = [];
  for (const { name, place, image } of eligible) {
    if (sized.length === mostImages) break;
    const size = sizeOf?.(name);
    if (size === undefined && unsized.length === mostImages) continue;
    const sample = { name, facesXywh: countedFaces(groundTruth, image), boxes: firstAndLast(boxesOf(place)) };
    if (size === undefined) unsized.push(sample);
    else sized.push({ ...sample, size });
  }
  return [...sized, ...unsized].slice(0, mostImages);
}

function hasCountedFace({ start, boxesXywh, counted }: DiagnosisInput['groundTruth'], image: number): boolean {
  for (let face = start[image]; face < start[image + 1]; face++) {
    if (counted.hard[face] === 1 && boxesXywh[4 * face + 2] > 0 && boxesXywh[4 * face + 3] > 0) return true;
  }
  return false;
}

function countedFaces({ start, boxesXywh, counted }: DiagnosisInput['groundTruth'], image: number): Float64Array {
  const faces: Float64Array[] = [];
  for (let face = start[image]; face < start[image + 1]; face++) {
    const box = boxesXywh.subarray(4 * face, 4 * face + 4);
    if (counted.hard[face] === 1 && box[2] > 0 && box[3] > 0) faces.push(box);
  }
  faces.sort((a, b) => b[2] * b[3] - a[2] * a[3]);
  return Float64Array.from(faces.slice(0, mostFaces).flatMap((box) => [...box]));
}

function firstAndLast(boxes: Float64Array): Float64Array {
  if (boxes.length <= 4 * (mostFirst + mostLast)) return boxes.slice();
  const kept = new Float64Array(4 * (mostFirst + mostLast));
  kept.set(boxes.subarray(0, 4 * mostFirst));
  kept.set(boxes.subarray(boxes.length - 4 * mostLast), 4 * mostFirst);
  return kept;
}
