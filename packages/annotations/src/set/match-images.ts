import { DatasetError } from '@retinabench/core';
import type { Annotations } from './annotations.js';
import { withoutExtension } from './image-name.js';
import type { Predictions } from './predictions.js';
import { quoteName } from './quote-name.js';

/**
 * How names of predictions were brought together with names of annotations. `path`: they are equal. `id`: predictions name the
 * ids of the annotations. `stem`: equal without the extension of the image. `joined`: equal when the parts of a path are
 * joined by `__`. `basename`: the last part, which only one image has, without extension.
 */
export type MatchRule = 'path' | 'id' | 'stem' | 'joined' | 'basename';

/** The names of annotated images, and of the images of predictions. */
type NamedImages = Pick<Annotations, 'images' | 'ids'>;
type NamedPredictions = Pick<Predictions, 'images' | 'namedBy'>;

/** Annotated images with their predictions. */
export interface ImageMatch {
  readonly rule: MatchRule;
  /** Int32Array [annotated images]: the image of the predictions that it is, or -1. */
  readonly predictionOf: Int32Array;
  /** Annotated images without predictions. */
  readonly missing: readonly string[];
  /** Images with predictions that are not annotated. */
  readonly unknown: readonly string[];
}

/**
 * Bring the images of predictions together with those of annotations, by the rule under which most of them meet; of rules
 * that are as good, by the strictest.
 *
 * @throws {DatasetError} if none meet, or a name may be that of several images.
 * Cost: O(images).
 */
export function matchImages(annotations: NamedImages, predictions: NamedPredictions): ImageMatch {
  const { ids, images } = annotations;
  const named: readonly Rule[] = [
    { rule: 'path', annotated: (image) => images[image], predicted: (name) => name },
    { rule: 'stem', annotated: (image) => withoutExtension(images[image]), predicted: withoutExtension },
    { rule: 'joined', annotated: (image) => joined(images[image]), predicted: joined },
    { rule: 'basename', annotated: (image) => basename(images[image]), predicted: basename },
  ];
  const byId: readonly Rule[] =
    ids === undefined ? [] : [{ rule: 'id', annotated: (image) => String(ids[image]), predicted: (name) => name }];
  const outcomes = (predictions.namedBy === 'id' ? byId : [...named, ...byId]).map((rule) =>
    match(rule, images, predictions.images),
  );
  const matches = outcomes.filter((outcome): outcome is ImageMatch => !(outcome instanceof DatasetError));
  const pairs = ({ unknown }: ImageMatch): number => predictions.images.length - unknown.length;
  const best = matches.reduce<ImageMatch | undefined>(
    (most, next) => (most === undefined || pairs(next) > pairs(most) ? next : most),
    undefined,
  );
  if (best !== undefined && (pairs(best) > 0 || predictions.images.length === 0)) return best;
  throw outcomes.find((outcome) => outcome instanceof DatasetError) ?? noneMeet(annotations, predictions);
}

interface Rule {
  readonly rule: MatchRule;
  annotated(image: number): string;
  predicted(name: string): string;
}

/** The pairs under one rule, or why a name may be that of several images. */
function match(
  { rule, annotated, predicted }: Rule,
  images: readonly string[],
  names: readonly string[],
): ImageMatch | DatasetError {
  const places = new Map<string, number>();
  const repeated = new Map<string, number>();
  for (let image = 0; image < images.length; image++) {
    const key = annotated(image);
    if (places.has(key)) repeated.set(key, image);
    else places.set(key, image);
  }
  const predictionOf = new Int32Array(images.length).fill(-1);
  const unknown: string[] = [];
  for (let index = 0; index < names.length; index++) {
    const key = predicted(names[index]);
    const image = places.get(key);
    if (image === undefined) {
      unknown.push(names[index]);
      continue;
    }
    const second = repeated.get(key);
    if (second !== undefined) {
      return new DatasetError(
        `${quoteName(names[index])}: expected predictions of one annotated image, got ${quoteName(images[image])} and ${quoteName(images[second])} that may be meant; write the whole path`,
      );
    }
    if (predictionOf[image] >= 0) {
      return new DatasetError(
        `${quoteName(images[image])}: expected predictions under one name, got ${quoteName(names[predictionOf[image]])} and ${quoteName(names[index])}; write the whole path`,
      );
    }
    predictionOf[image] = index;
  }
  return { rule, predictionOf, missing: images.filter((_, image) => predictionOf[image] < 0), unknown };
}

function noneMeet({ ids, images }: NamedImages, { images: names, namedBy }: NamedPredictions): DatasetError {
  if (namedBy === 'id') {
    return new DatasetError(
      `expected predictions of the annotated images, got image ids as ${example(names)}, and ${ids === undefined ? 'the annotations have no ids' : `the annotations have ids as ${example(ids.map(String))}`}; write file names as image_id, or choose the annotations that the ids belong to`,
    );
  }
  return new DatasetError(
    `expected predictions of the annotated images, got none: predictions are of ${example(names)}, annotations of ${example(images)}; do they belong together?`,
  );
}

function joined(name: string): string {
  return withoutExtension(name).replaceAll('/', '__');
}

function basename(name: string): string {
  return withoutExtension(name.slice(name.lastIndexOf('/') + 1));
}

function example(names: readonly string[]): string {
  return `${names
    .slice(0, 2)
    .map((name) => JSON.stringify(name.slice(0, 80)))
    .join(', ')}${names.length > 2 ? ` and ${names.length - 2} more` : ''}`;
}
