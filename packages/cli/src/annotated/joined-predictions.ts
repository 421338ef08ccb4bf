import type { Annotations } from '@retinabench/annotations';
import { type LoadedAnnotations, type LoadedPredictions, type MatchRule, matchImages } from '@retinabench/annotations';
import { DatasetError } from '@retinabench/core';
import { restrictAnnotations } from '@retinabench/eval-detection';
import type { WiderPredictions } from '@retinabench/eval-wider';
import { formatCount } from '@retinabench/results';
import type { MissingRule } from './missing-rule.js';

/** Predictions under the names of the annotated images that are evaluated. */
export interface JoinedPredictions {
  readonly annotations: Annotations;
  /** Images that have predictions, in the order of the annotations. */
  readonly predictions: WiderPredictions;
  readonly rule: MatchRule;
  /** What was left out or taken as empty, for the record. */
  readonly warnings: readonly string[];
}

/**
 * Bring predictions under the names of the annotated images.
 *
 * @param wanted Uint8Array [annotated images]: 1 where an image is evaluated; absent: all are.
 * @throws {DatasetError} if an annotated image that is wanted has none and `missing` is `refuse`, or none at all meet.
 * Cost: O(images), and a copy of the detections unless they are in the order of the annotations.
 */
export function joinPredictions(
  { annotations, location: annotated }: Pick<LoadedAnnotations, 'annotations' | 'location'>,
  { predictions, location: predicted }: Pick<LoadedPredictions, 'predictions' | 'location'>,
  missing: MissingRule,
  wanted: Uint8Array = new Uint8Array(annotations.images.length).fill(1),
): JoinedPredictions {
  const match = matchImages(annotations, predictions);
  const warnings: string[] = [];
  const all = wanted.reduce((sum, one) => sum + one, 0);
  // Images are matched by all names, so that a list changes no rule.
  const predictionOf = match.predictionOf.map((prediction, image) => (wanted[image] === 1 ? prediction : -1));
  const absent = annotations.images.filter((_, image) => wanted[image] === 1 && predictionOf[image] < 0);
  if (match.unknown.length > 0) {
    warnings.push(
      `unknown-images: ${examples(match.unknown)} of ${formatCount(predictions.images.length)} predicted not in ${annotated}: left out`,
    );
  }
  if (absent.length > 0) {
    const faces = facesOf(annotations, (image) => wanted[image] === 1 && predictionOf[image] < 0);
    const seen = `${examples(absent)} of ${formatCount(all)} annotated without predictions, with ${formatCount(faces)} annotated faces`;
    if (missing === 'leave-out' && absent.length === all) {
      throw new DatasetError(
        `${predicted}: expected predictions of the images that are evaluated, got none for ${seen}, so that --missing leave-out leaves none; predict them, or choose other images`,
      );
    }
    if (missing === 'refuse') {
      throw new DatasetError(
        `${predicted}: expected predictions of every annotated image, got none for ${seen}; fix: predict them, or --missing empty takes them as images without detections, --missing leave-out evaluates the others alone`,
      );
    }
    warnings.push(
      `missing-images: ${seen}: ${missing === 'empty' ? 'taken as images without detections' : 'left out'}`,
    );
  }
  const keep = wanted.map((one, image) => (one === 1 && (predictionOf[image] >= 0 || missing === 'empty') ? 1 : 0));
  const kept = keep.includes(0) ? restrictAnnotations(annotations, keep) : annotations;
  return {
    annotations: kept,
    predictions: inOrder(annotations.images, predictionOf, predictions),
    rule: match.rule,
    warnings,
  };
}

function inOrder(
  images: readonly string[],
  predictionOf: Int32Array,
  { images: names, start, boxesXywh, scores }: LoadedPredictions['predictions'],
): WiderPredictions {
  const sources = predictionOf.filter((prediction) => prediction >= 0);
  const predicted = images.filter((_, image) => predictionOf[image] >= 0);
  if (sources.length === names.length && sources.every((source, at) => source === at)) {
    return { images: predicted, start, boxesXywh, scores };
  }
  const ends = new Int32Array(sources.length + 1);
  sources.forEach((source, at) => {
    ends[at + 1] = ends[at] + start[source + 1] - start[source];
  });
  const joined = {
    images: predicted,
    start: ends,
    boxesXywh: new Float64Array(4 * ends[sources.length]),
    scores: new Float64Array(ends[sources.length]),
  };
  sources.forEach((source, at) => {
    joined.boxesXywh.set(boxesXywh.subarray(4 * start[source], 4 * start[source + 1]), 4 * ends[at]);
    joined.scores.set(scores.subarray(start[source], start[source + 1]), ends[at]);
  });
  return joined;
}

/** Annotated faces of some images. */
function facesOf({ images, start }: Annotations, counts: (image: number) => boolean): number {
  return images.reduce((sum, _, image) => (counts(image) ? sum + start[image + 1] - start[image] : sum), 0);
}

/** `3 images (a, b, c)`, `12 images (a, b, c, ...)`. */
function examples(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return `${formatCount(names.length)} image${names.length === 1 ? '' : 's'} (${shown}${names.length > 3 ? ', ...' : ''})`;
}
