import type { ViewFaces, ViewRun } from './view-columns.js';

/** What a detection is at a score. */
export const detectionKinds = {
  /** Its score is below. */
  below: 0,
  /** The first that goes to its face. */
  hit: 1,
  /** Goes to no face, and overlaps one that counts a little. */
  localisation: 2,
  /** Goes to a face that an earlier one has found. */
  duplicate: 3,
  /** On no face that counts. */
  background: 4,
  /** Goes to a face that does not count, or is not evaluated. */
  ignored: 5,
} as const;

/** What a face is at a score. */
export const faceKinds = { uncounted: 0, found: 1, missed: 2 } as const;

/** From which score on detections are used, and which split says what counts. */
export interface Cut {
  readonly score: number;
  /** Place of the split in the index. */
  readonly split: number;
}

/** What became of the faces and detections of one image: the first entries of arrays that are long enough. */
export interface JudgedImage {
  /** Uint8Array: values of `faceKinds`. */
  readonly faces: Uint8Array;
  /** Uint8Array: values of `detectionKinds`. */
  readonly detections: Uint8Array;
}

/**
 * Tell what each face and each detection of an image is where detections of at least a score are used. Under the rules of
 * WIDER FACE a detection goes to the face that it overlaps most whatever the score; under COCO's the best detections take
 * their faces first. So a higher score takes the last ones away and changes nothing for the others.
 *
 * @param out receives the result; arrays of at least as many faces and detections as the image has.
 * Cost: O(faces + detections) of the image, allocates nothing.
 */
export function judgeImage(faces: ViewFaces, run: ViewRun, image: number, cut: Cut, out: JudgedImage): JudgedImage {
  const bit = 1 << cut.split;
  const [firstFace, endFace] = [faces.start[image], faces.start[image + 1]];
  const counts = (face: number): boolean => (run.counted[firstFace + face] & bit) !== 0;
  for (let face = firstFace; face < endFace; face++) {
    const isCounted = run.evaluated[image] === 1 && (run.counted[face] & bit) !== 0;
    out.faces[face - firstFace] = isCounted ? faceKinds.missed : faceKinds.uncounted;
  }
  const first = run.start[image];
  for (let at = first; at < run.start[image + 1]; at++) {
    out.detections[at - first] = kindOf(run, at, cut.score, counts, out.faces);
  }
  return out;
}

/** The kind of one detection; the face that it finds is found from now on. */
function kindOf(
  { scores, face, near, aside }: ViewRun,
  at: number,
  score: number,
  counts: (face: number) => boolean,
  found: Uint8Array,
): number {
  if (!(scores[at] >= score)) return detectionKinds.below;
  if (aside[at] === 1) return detectionKinds.ignored;
  const own = face[at];
  if (own < 0) return near[at] >= 0 && counts(near[at]) ? detectionKinds.localisation : detectionKinds.background;
  if (!counts(own)) return detectionKinds.ignored;
  if (found[own] === faceKinds.found) return detectionKinds.duplicate;
  found[own] = faceKinds.found;
  return detectionKinds.hit;
}
