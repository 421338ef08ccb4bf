import { faceLabels, type WiderGroundTruth } from './ground-truth.js';

/** Annotated faces of any data set: face f belongs to the image i with start[i] <= f < start[i + 1]. */
export interface CountedFaces {
  readonly images: readonly string[];
  /** Int32Array [images + 1]. */
  readonly start: Int32Array;
  /** Float64Array [faces, 4]: (x, y, w, h), pixels. */
  readonly boxesXywh: Float64Array;
  /** Uint8Array [faces]: 1 where the face counts; all others are ignored. */
  readonly counted: Uint8Array;
}

/** Heights from which faces are in the first and second split, pixels: those of WIDER FACE's easy and medium, about. */
const splitHeightsPx = { easy: 50, medium: 30 } as const;

/**
 * Faces of any data set as the diagnosis of predictions and the WIDER FACE rules take them. The splits are nested as WIDER
 * FACE's are, by height alone: counted faces from 50 pixels, from 30 pixels, and all.
 *
 * Cost: O(faces).
 */
export function groundTruthFromFaces({ images, start, boxesXywh, counted }: CountedFaces): WiderGroundTruth {
  const faces = counted.length;
  const from = (heightPx: number): Uint8Array =>
    counted.map((counts, face) => (boxesXywh[4 * face + 3] >= heightPx ? counts : 0));
  return {
    images,
    start,
    boxesXywh,
    landmarks: new Float64Array(0),
    labels: Object.fromEntries(
      faceLabels.map((label) => [label, new Uint8Array(faces)]),
    ) as unknown as WiderGroundTruth['labels'],
    counted: { easy: from(splitHeightsPx.easy), medium: from(splitHeightsPx.medium), hard: counted },
    splitWords: `by the WIDER FACE rules, of faces from ${splitHeightsPx.easy} px / from ${splitHeightsPx.medium} px / of all`,
  };
}
