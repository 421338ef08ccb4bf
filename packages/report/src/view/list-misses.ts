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
 * @param finder place of another record: only faces that it finds.
 * Cost: O(faces + detections) of the record.
 */
export function listMisses(
  index: ViewIndex,
  choice: ViewChoice,
  record: number,
  listed: readonly ListedImage[],
  finder?: number,
): MissedFace[] {
  const { faces, runs } = index;
  const run = runs[record];
  const other = finder === undefined ? undefined : runs[finder];
  const room = judgedRoom(faces, [run]);
  const ofOther = judgedRoom(faces, [other ?? run]);
  const cut = { score: choice.scores[record], split: choice.split };
  const missed: MissedFace[] = [];
  for (const { image } of listed) {
    judgeImage(faces, run, image, cut, room);
    if (other !== undefined) {
      judgeImage(faces, other, image, { score: choice.scores[finder ?? 0], split: choice.split }, ofOther);
    }
    const first = faces.start[image];
    for (let face = first; face < faces.start[image + 1]; face++) {
      if (room.faces[face - first] !== faceKinds.missed || !passesFace(faces, face, choice.filter)) continue;
      if (other !== undefined && ofOther.faces[face - first] !== faceKinds.found) continue;
      missed.push({ image, face: face - first, heightPx: faces.heightsPx[face] });
    }
  }
  return missed.sort((a, b) => b.heightPx - a.heightPx);
}
