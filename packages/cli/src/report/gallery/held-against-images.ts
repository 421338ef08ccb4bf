import { DatasetError } from '@retinabench/core';
import type { MatchedRun } from '@retinabench/eval-wider';
import { curvesOfImages, type ImageResult, type Split, splits } from '@retinabench/results';

/** What an image of a run counts in a split, whatever its scores: those of a record are of the whole run. */
interface ImageCounts {
  readonly faces: number;
  readonly proposals: number;
  readonly truePositives: number;
}

/**
 * Hold a matching against what the record counts of the same images: predictions of another run, or read otherwise, are not
 * drawn as its own.
 *
 * @param images      of the record.
 * @param run         holds them.
 * @param place       names the record, for messages.
 * @param predictions names them, for messages.
 * @throws {DatasetError} naming the first image of which faces, detections or found faces differ.
 */
export function heldAgainstImages(
  images: readonly ImageResult[],
  run: MatchedRun,
  place: string,
  predictions: string,
): void {
  for (const split of splits) {
    const recorded = recordedCounts(images, split);
    for (const [at, { name }] of images.entries()) {
      const counted = countsOf(run, run.groundTruth.images.indexOf(name), split);
      for (const what of ['faces', 'proposals', 'truePositives'] as const) {
        if (recorded[at][what] === counted[what]) continue;
        throw new DatasetError(
          `${predictions}: expected the predictions that ${place} was made of, got others, or the same read otherwise (${name}, ${split}: ${recorded[at][what]} ${words[what]} by the record, ${counted[what]} here); give each record its own folder with --pred, in the order of the records, and its annotations with --gt`,
        );
      }
    }
  }
}

const words = { faces: 'faces', proposals: 'detections', truePositives: 'faces found' };

function recordedCounts(images: readonly ImageResult[], split: Split): ImageCounts[] {
  const { start, faces, proposals, truePositives } = curvesOfImages(images, split);
  const sum = (values: Int32Array, image: number): number =>
    values.subarray(start[image], start[image + 1]).reduce((total, value) => total + value, 0);
  return images.map((_, image) => ({
    faces: faces[image],
    proposals: sum(proposals, image),
    truePositives: sum(truePositives, image),
  }));
}

function countsOf({ groundTruth, detections, matches }: MatchedRun, image: number, split: Split): ImageCounts {
  const counted = groundTruth.counted[split];
  const [from, to] = [groundTruth.start[image], groundTruth.start[image + 1]];
  const faces = counted.subarray(from, to).reduce((total, counts) => total + counts, 0);
  let proposals = 0;
  let truePositives = 0;
  // The evaluators pass over images without any annotated face.
  for (let at = detections.start[image]; from < to && at < detections.start[image + 1]; at++) {
    const face = matches.face[at];
    if (face >= 0 && counted[face] === 0) continue;
    proposals++;
    if (face >= 0) truePositives += matches.first[at];
  }
  return { faces, proposals, truePositives };
}
