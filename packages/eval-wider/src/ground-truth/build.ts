import { DatasetError } from '@retinabench/core/basics';
import type { Split } from '@retinabench/results';
import { type FaceLabel, labelNames, type WiderGroundTruth } from './ground-truth.js';

/** One annotated face. */
export interface AnnotatedFace {
  /** (x, y, w, h), pixels; w and h of 0, and one w of -2, occur in WIDER FACE. */
  readonly box: readonly number[];
  readonly labels: Readonly<Record<FaceLabel, number>>;
  readonly splits: readonly Split[];
  /** (x, y) of left eye, right eye, nose tip, left and right mouth corner, pixels; absent if not annotated. */
  readonly landmarks?: readonly (readonly number[])[];
}

/** One annotated image. */
export interface AnnotatedImage {
  /** `<event>/<image>` without extension. */
  readonly name: string;
  readonly faces: readonly AnnotatedFace[];
}

/**
 * Annotations with all names and no face filled in: boxes, labels and splits are 0, and there are no landmarks. Names are
 * brought to Unicode's composed form (NFC), since file systems differ in it.
 *
 * @param names      `<event>/<image>` of each image.
 * @param faceCounts faces of each image.
 * @param place      where they come from, for messages.
 * @throws {DatasetError} if there is no image, or a name occurs twice or is not `<event>/<image>`.
 */
export function emptyGroundTruth(
  names: readonly string[],
  faceCounts: readonly number[],
  place: string,
): WiderGroundTruth {
  if (names.length === 0) {
    throw new DatasetError(`${place}: expected at least one image, got none; choose another ground truth with --gt`);
  }
  const images = names.map((name) => name.normalize('NFC'));
  const start = new Int32Array(images.length + 1);
  const seen = new Set<string>();
  images.forEach((name, index) => {
    if (!/^[^/]+\/[^/]+$/.test(name)) {
      throw new DatasetError(
        `${place}: image ${index + 1}: expected a name <event>/<image>, got ${JSON.stringify(name)}`,
      );
    }
    if (seen.has(name)) throw new DatasetError(`${place}: image ${name}: expected each image once, got it twice`);
    seen.add(name);
    start[index + 1] = start[index] + faceCounts[index];
  });
  const faces = start[images.length];
  const bytes = (): Uint8Array => new Uint8Array(faces);
  return {
    images,
    start,
    boxesXywh: new Float64Array(4 * faces),
    landmarks: new Float64Array(0),
    labels: {
      blur: bytes(),
      expression: bytes(),
      illumination: bytes(),
      occlusion: bytes(),
      pose: bytes(),
      invalid: bytes(),
    },
    counted: { easy: bytes(), medium: bytes(), hard: bytes() },
  };
}

/** Where a face stands, for a message. */
export function whereIs(place: string, image: string, position: number): string {
  return `${place}: image ${image}: face ${position + 1}`;
}

/** @throws {DatasetError} if a box is not four finite numbers. */
export function checkedBox(box: readonly number[], where: () => string): readonly number[] {
  if (box.length !== 4 || !box.every(Number.isFinite)) {
    throw new DatasetError(`${where()}: expected a box of finite x y w h, got ${box.join(' ')}`);
  }
  return box;
}

/** @throws {DatasetError} if landmarks are not five finite points. */
export function checkedLandmarks(points: readonly (readonly number[])[], where: () => string): number[] {
  const flat = points.flat();
  if (points.length !== 5 || flat.length !== 10 || !flat.every(Number.isFinite)) {
    throw new DatasetError(
      `${where()}: expected five landmarks of finite x y, got ${points.length} of ${flat.length} numbers`,
    );
  }
  return flat;
}

/** @throws {DatasetError} if a label has no such value. */
export function checkedLabel(label: FaceLabel, value: number, where: () => string): number {
  const values = labelNames[label].length;
  if (!Number.isInteger(value) || value < 0 || value >= values) {
    throw new DatasetError(`${where()}: expected ${label} 0 to ${values - 1}, got ${value}`);
  }
  return value;
}
