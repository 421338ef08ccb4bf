import type { SampleImage } from './sample.js';

/** Detections and faces of an image that vote. */
const detections = 10;
const faces = 4;

/** Takes the vote of one pair: the indices of x of its box and of its face. */
export type Vote = (box: number, face: number) => void;

/**
 * Let the first detections of each image vote with its largest faces, each with each.
 *
 * @param laidOut the sample as x y w h.
 * @param voterOf what takes the votes of an image; undefined where it has none.
 * Cost: 40 pairs an image.
 */
export function forEachVotingPair(
  sample: readonly SampleImage[],
  laidOut: readonly Float64Array[],
  voterOf: (image: SampleImage, index: number) => Vote | undefined,
): void {
  sample.forEach((image, index) => {
    const vote = voterOf(image, index);
    if (vote === undefined) return;
    const lastBox = Math.min(laidOut[index].length, 4 * detections);
    const lastFace = Math.min(image.facesXywh.length, 4 * faces);
    for (let box = 0; box < lastBox; box += 4) {
      for (let face = 0; face < lastFace; face += 4) vote(box, face);
    }
  });
}
