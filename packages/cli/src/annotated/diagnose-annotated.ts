import type { Annotations } from '@retinabench/annotations';
import { type EvaluatedFaces, evaluatedFaces, type FaceSettings } from '@retinabench/eval-detection';
import {
  type Diagnosis,
  type DiagnosisCode,
  type DiagnosisWords,
  diagnose,
  groundTruthFromFaces,
  matchPredictions,
  type ScoringProtocol,
  type SizeOf,
  scoringProtocol,
  type WiderGroundTruth,
  type WiderPredictions,
} from '@retinabench/eval-wider';

/** What the WIDER FACE rules say of a score or of files, and no other metric depends on, or what is said elsewhere. */
const ofWiderAlone: ReadonlySet<DiagnosisCode> = new Set([
  'scores-outside-0-1',
  'scores-squashed',
  'unsorted',
  'faces-without-area',
  'missing-images',
  'unknown-images',
]);

/** What fixes call flags and files where annotations are of any form. */
const words: DiagnosisWords = {
  imagesFlag: '--gt-images DIR',
  leaveOut: '--missing leave-out evaluates the others alone, if they are not written at all',
  writeScores: 'write the score of each detection',
};

/** Predictions of annotated images with what is wrong with them. */
export interface DiagnosedPredictions {
  readonly faces: EvaluatedFaces;
  readonly groundTruth: WiderGroundTruth;
  readonly protocol: ScoringProtocol;
  readonly diagnoses: readonly Diagnosis[];
}

/** Sizes of annotated images, where the annotation says them. */
export function annotatedSizes({ images, sizesPx }: Annotations): { readonly sizeOf: SizeOf; readonly all: boolean } {
  const places = new Map(images.map((name, index) => [name, index]));
  const sizeAt = (index: number): ReturnType<SizeOf> => {
    const [widthPx, heightPx] = [sizesPx[2 * index], sizesPx[2 * index + 1]];
    return widthPx > 0 && heightPx > 0 ? { widthPx, heightPx } : undefined;
  };
  return {
    sizeOf: (image) => {
      const index = places.get(image);
      return index === undefined ? undefined : sizeAt(index);
    },
    all: images.every((_, index) => sizeAt(index) !== undefined),
  };
}

/**
 * Diagnose predictions of any annotated images as `wider score` diagnoses those of WIDER FACE: boxes that are normalised,
 * mirrored, scaled or of another layout, scores the wrong way round, duplicates, images left empty ...
 *
 * @param predictions under the names of the annotated images.
 * @param origin      whether they were read, or a detector ran just now.
 */
export function diagnoseAnnotated(
  annotations: Annotations,
  predictions: WiderPredictions,
  settings: FaceSettings,
  origin: 'files' | 'detector',
): DiagnosedPredictions {
  const faces = evaluatedFaces(annotations, settings);
  const groundTruth = groundTruthFromFaces({ images: annotations.images, ...faces });
  const protocol = scoringProtocol('python', 'any');
  const matched = matchPredictions(groundTruth, predictions, protocol);
  const { sizeOf, all } = annotatedSizes(annotations);
  const diagnoses = diagnose({
    groundTruth,
    predictions,
    protocol,
    requireSorted: false,
    origin,
    sizeOf,
    allSizesKnown: all,
    normalised: false,
    words,
    matched,
  }).filter(({ code }) => !ofWiderAlone.has(code));
  return { faces, groundTruth, protocol, diagnoses };
}
