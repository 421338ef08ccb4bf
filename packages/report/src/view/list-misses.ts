import { faceKinds, judgeImage } from './judge-image.js';
import { judgedRoom } from './judged-room.js';
import type { ListedImage, ViewChoice } from './list-images.js';
import { passesFace } from './tally-image.js';
import type { ViewIndex } from './view-index.js';

/** A face that a record misses. */
export interface MissedFace {
  readonly image: number;
  /** Of the image, from 0. */
  readonly face: number;
  readonly heightPx: number;
}

/**
 * The faces that a record misses in the images of a list and that pass the filter, largest first.
 *
 * @param record place of the record.
 * Cost: O(faces + detections) of the record.
 */
export function listMisses(
  index: ViewIndex,
  choice: ViewChoice,
  record: number,
  listed: readonly ListedImage[],
): MissedFace[] {
  const { faces, runs } = index;
  const run = runs[record];
  const room = judgedRoom(faces, [run]);
  const cut = { score: choice.scores[record], split: choice.split };
  const missed: MissedFace[] = [];
  for (const { image } of listed) {
    judgeImage(faces, run, image, cut, room);
    const first = faces.start[image];
    for (let face = first; face < faces.start[image + 1]; face++) {
      if (room.faces[face - first] !== faceKinds.missed || !passesFace(faces, face, choice.filter)) continue;
      missed.push({ image, face: face - first, heightPx: faces.heightsPx[face] });
    }
  }
  return missed.sort((a, b) => b.heightPx - a.heightPx);
}
