import { DatasetError } from '@retinabench/core';

/** How names of images of two sets are brought together. */
export interface ImageKeys {
  /** Key of the image of each face of both sets; equal where it is the same image. */
  readonly annotated: readonly string[];
  readonly predicted: readonly string[];
  /** `path`: by the whole name but for its extension; `file name`: by its last part alone, which is unique in both. */
  readonly by: 'path' | 'file name';
}

/**
 * Keys by which images of an annotation and of predictions are told the same: the path below the root without extension,
 * or, where none of them agrees, the name of the file.
 *
 * @throws {DatasetError} if neither brings any together.
 */
export function imageKeys(annotated: readonly string[], predicted: readonly string[], place: string): ImageKeys {
  const byPath = { annotated: annotated.map(withoutExtension), predicted: predicted.map(withoutExtension) };
  if (shares(byPath)) return { ...byPath, by: 'path' };
  const byName = { annotated: byPath.annotated.map(lastPart), predicted: byPath.predicted.map(lastPart) };
  const unique =
    countOf(byName.annotated) === countOf(byPath.annotated) && countOf(byName.predicted) === countOf(byPath.predicted);
  if (predicted.length === 0) return { ...byPath, by: 'path' };
  if (!unique || !shares(byName)) {
    throw new DatasetError(
      `${place}: expected predictions on the annotated images, such as ${annotated[0]}, got none of them, but ${predicted[0]}; name images as the annotation does`,
    );
  }
  return { ...byName, by: 'file name' };
}

function shares({ annotated, predicted }: Pick<ImageKeys, 'annotated' | 'predicted'>): boolean {
  const names = new Set(annotated);
  return predicted.some((name) => names.has(name));
}

function countOf(names: readonly string[]): number {
  return new Set(names).size;
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function withoutExtension(name: string): string {
  return name.replaceAll('\\', '/').replace(/\.(?:jpe?g|png|webp|bmp|gif|tiff?|pts)$/i, '');
}
