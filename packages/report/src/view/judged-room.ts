import type { JudgedImage } from './judge-image.js';
import type { ViewFaces, ViewRun } from './view-columns.js';

/** Room for what becomes of the faces and detections of any image. */
export function judgedRoom(faces: ViewFaces, runs: readonly ViewRun[]): JudgedImage {
  return {
    faces: new Uint8Array(longest(faces.start)),
    detections: new Uint8Array(Math.max(0, ...runs.map(({ start }) => longest(start)))),
  };
}

function longest(start: Int32Array): number {
  let most = 0;
  for (let image = 0; image + 1 < start.length; image++) most = Math.max(most, start[image + 1] - start[image]);
  return most;
}
