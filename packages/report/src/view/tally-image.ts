import { detectionKinds, faceKinds, type JudgedImage } from './judge-image.js';
import type { ViewFaces, ViewRun } from './view-columns.js';

/** Which faces and detections are looked at. */
export interface BoxFilter {
  /** Heights in pixels, both included. */
  readonly lowPx: number;
  readonly highPx: number;
  /** Bit of the attribute that a face has to have; 0: any. No detection has one: with an attribute only faces are counted. */
  readonly attribute: number;
}

/** Everything. */
export const everyBox: BoxFilter = { lowPx: 0, highPx: Number.POSITIVE_INFINITY, attribute: 0 };

/** Faces and detections of one image by what became of them. */
export interface Tally {
  readonly found: number;
  readonly missed: number;
  readonly localisation: number;
  readonly duplicate: number;
  readonly background: number;
  readonly ignored: number;
}

/** Whether a face passes a filter. */
export function passesFace({ heightsPx, attributes }: ViewFaces, face: number, filter: BoxFilter): boolean {
  return (
    heightsPx[face] >= filter.lowPx &&
    heightsPx[face] <= filter.highPx &&
    (filter.attribute === 0 || (attributes[face] & filter.attribute) !== 0)
  );
}

/** Whether a detection passes a filter. */
export function passesDetection({ heightsPx }: ViewRun, detection: number, filter: BoxFilter): boolean {
  return filter.attribute === 0 && heightsPx[detection] >= filter.lowPx && heightsPx[detection] <= filter.highPx;
}

/**
 * Count what became of the faces and detections of an image that pass a filter.
 *
 * @param judged of that image.
 * Cost: O(faces + detections) of the image.
 */
export function tallyImage(
  faces: ViewFaces,
  run: ViewRun,
  image: number,
  judged: JudgedImage,
  filter: BoxFilter = everyBox,
): Tally {
  let [found, missed] = [0, 0];
  const firstFace = faces.start[image];
  for (let face = firstFace; face < faces.start[image + 1]; face++) {
    if (!passesFace(faces, face, filter)) continue;
    if (judged.faces[face - firstFace] === faceKinds.found) found++;
    else if (judged.faces[face - firstFace] === faceKinds.missed) missed++;
  }
  const kinds = new Int32Array(6);
  const first = run.start[image];
  for (let at = first; at < run.start[image + 1]; at++) {
    if (passesDetection(run, at, filter)) kinds[judged.detections[at - first]]++;
  }
  return {
    found,
    missed,
    localisation: kinds[detectionKinds.localisation],
    duplicate: kinds[detectionKinds.duplicate],
    background: kinds[detectionKinds.background],
    ignored: kinds[detectionKinds.ignored],
  };
}

/** All false positives of a tally. */
export function falsePositives({ localisation, duplicate, background }: Tally): number {
  return localisation + duplicate + background;
}
