import type { EvaluatedFaces } from '../faces/evaluated-faces.js';
import type { AuditedModel } from './audited-model.js';
import type { AuditSettings, Suspicion } from './suspicion.js';

/**
 * Annotated faces that count and that no model finds at any score. A large one is more suspect than a small one, which
 * may just be hard: `score` is its height in pixels, less by the share to which a detection overlaps it.
 *
 * @returns the most suspect first; `iou` is the highest with a detection of any model, 0 below the background threshold.
 * Cost: O(pairs).
 */
export function neverFound(
  { start, boxesXywh, counted }: EvaluatedFaces,
  audited: readonly AuditedModel[],
  { foreground }: AuditSettings,
): Suspicion[] {
  const best = new Float64Array(counted.length);
  for (const { pairs } of audited) {
    for (let pair = 0; pair < pairs.face.length; pair++) {
      best[pairs.face[pair]] = Math.max(best[pairs.face[pair]], pairs.overlap[pair]);
    }
  }
  const all = audited.map((_, model) => model);
  const found: Suspicion[] = [];
  for (let image = 0; image + 1 < start.length; image++) {
    for (let face = start[image]; face < start[image + 1]; face++) {
      if (counted[face] !== 1 || best[face] >= foreground) continue;
      const [x, y, w, h] = boxesXywh.subarray(4 * face, 4 * face + 4);
      const score = h * (1 - best[face]);
      found.push({
        kind: 'never-found',
        image,
        boxXywh: [x, y, w, h],
        score,
        models: all,
        faces: [face],
        iou: best[face],
      });
    }
  }
  return found.sort((a, b) => b.score - a.score);
}
