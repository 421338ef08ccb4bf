import { faceKinds, type JudgedImage } from './judge-image.js';
import { type BoxFilter, everyBox, falsePositives, passesFace, type Tally } from './tally-image.js';
import type { ViewFaces } from './view-columns.js';

/** What is different in an image from one run to another. */
export interface ImageChange {
  /** Faces that the first finds and the second misses, and the other way round. */
  readonly lost: number;
  readonly gained: number;
  /** False positives of the second less those of the first. */
  readonly falsePositives: number;
}

/**
 * Hold what two runs make of an image against each other: faces one by one, false positives by number.
 *
 * @param before, after what each makes of it, with its tally under the same filter.
 * @returns undefined if nothing is different.
 * Cost: O(faces) of the image.
 */
export function compareImage(
  faces: ViewFaces,
  image: number,
  before: { readonly judged: JudgedImage; readonly tally: Tally },
  after: { readonly judged: JudgedImage; readonly tally: Tally },
  filter: BoxFilter = everyBox,
): ImageChange | undefined {
  let [lost, gained] = [0, 0];
  const first = faces.start[image];
  for (let face = first; face < faces.start[image + 1]; face++) {
    const [was, is] = [before.judged.faces[face - first], after.judged.faces[face - first]];
    if (was === is || !passesFace(faces, face, filter)) continue;
    if (was === faceKinds.found && is === faceKinds.missed) lost++;
    if (was === faceKinds.missed && is === faceKinds.found) gained++;
  }
  const more = falsePositives(after.tally) - falsePositives(before.tally);
  return lost === 0 && gained === 0 && more === 0 ? undefined : { lost, gained, falsePositives: more };
}
