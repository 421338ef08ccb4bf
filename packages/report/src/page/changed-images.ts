import type { GalleryBox, GalleryImage } from './page-data.js';

/** What changed on one image between two records. */
export interface ChangedImage {
  readonly before: GalleryImage;
  readonly after: GalleryImage;
  /** Annotated faces that only the second finds, and that only the first does. */
  readonly found: number;
  readonly lost: number;
  /** False positives more than before; negative: fewer. */
  readonly falsePositives: number;
}

/**
 * The images of a gallery on which two records differ, those first whose AP lost differs most: in the faces that they miss
 * or in the number of false positives, each at its own operating score.
 *
 * @param a, b keys of the records.
 */
export function changedImages(gallery: readonly GalleryImage[], a: string, b: string): ChangedImage[] {
  const others = new Map(gallery.filter(({ key }) => key === b).map((image) => [image.name, image]));
  return gallery
    .filter(({ key }) => key === a)
    .flatMap((before): ChangedImage[] => {
      const after = others.get(before.name);
      if (after === undefined) return [];
      const [missedBefore, missedAfter] = [missesOf(before), missesOf(after)];
      const found = [...missedBefore].filter((face) => !missedAfter.has(face)).length;
      const lost = [...missedAfter].filter((face) => !missedBefore.has(face)).length;
      const falsePositives = falsePositivesOf(after) - falsePositivesOf(before);
      return found + lost + Math.abs(falsePositives) === 0 ? [] : [{ before, after, found, lost, falsePositives }];
    })
    .sort((one, two) => gain(two) - gain(one));
}

function gain({ before, after }: ChangedImage): number {
  return Math.abs(after.apLost - before.apLost);
}

/** Missed faces are drawn as they are annotated: the same face has the same box in both. */
function missesOf({ boxes }: GalleryImage): Set<string> {
  return new Set(boxes.filter(({ kind }) => kind === 'miss').map(({ boxXywh }: GalleryBox) => boxXywh.join(' ')));
}

function falsePositivesOf({ boxes }: GalleryImage): number {
  return boxes.filter(({ kind }) => kind === 'false positive').length;
}
