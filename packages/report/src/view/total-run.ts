import type { Cut } from './judge-image.js';
import { judgeImage } from './judge-image.js';
import { judgedRoom } from './judged-room.js';
import { type BoxFilter, everyBox, type Tally, tallyImage } from './tally-image.js';
import type { ViewFaces, ViewRun } from './view-columns.js';

/**
 * What became of all faces and detections of the images that a run evaluates, and that pass a filter.
 *
 * Cost: O(faces + detections).
 */
export function totalRun(faces: ViewFaces, run: ViewRun, cut: Cut, filter: BoxFilter = everyBox): Tally {
  const room = judgedRoom(faces, [run]);
  const total = { found: 0, missed: 0, localisation: 0, duplicate: 0, background: 0, ignored: 0 };
  for (let image = 0; image < run.evaluated.length; image++) {
    if (run.evaluated[image] === 0) continue;
    const tally = tallyImage(faces, run, image, judgeImage(faces, run, image, cut, room), filter);
    for (const name of Object.keys(total) as (keyof Tally)[]) total[name] += tally[name];
  }
  return total;
}
