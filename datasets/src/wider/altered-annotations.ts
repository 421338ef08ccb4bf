import { type AnnotatedFaces, faceSums } from './face-sums.js';
import { nameKey } from './name-key.js';
import { readOfficialVal } from './official-val.js';

/** Annotations of images `<event>/<image>`: face f belongs to the image i with start[i] <= f < start[i + 1]. */
export interface ValAnnotations extends AnnotatedFaces {
  readonly images: readonly string[];
  readonly start: Int32Array;
}

/** Images of WIDER FACE val that are not annotated as its publisher annotates them. */
export interface AlteredAnnotations {
  /** Those with other boxes. */
  readonly boxes: readonly string[];
  /** Those with the same boxes, of which others count in easy, medium or hard. */
  readonly splits: readonly string[];
}

/**
 * Hold annotations of images that have names of WIDER FACE val against the official ones: the boxes, and the splits in which
 * they count. The order of faces and images does not matter, and other images are passed over.
 *
 * Cost: one hash a name, O(faces).
 */
export async function alteredAnnotations(annotations: ValAnnotations): Promise<AlteredAnnotations> {
  const official = await readOfficialVal();
  const altered = { boxes: [] as string[], splits: [] as string[] };
  annotations.images.forEach((image, index) => {
    const place = official.places.get(nameKey(image));
    if (place === undefined) return;
    const { boxes, splits } = faceSums(annotations, annotations.start[index], annotations.start[index + 1]);
    if (boxes !== official.boxes[place]) altered.boxes.push(image);
    else if (splits !== official.splits[place]) altered.splits.push(image);
  });
  return altered;
}
