import type { EvaluatedFaces } from '../faces/evaluated-faces.js';
import type { AuditedModel } from './audited-model.js';
import type { AuditSettings, Suspicion } from './suspicion.js';

interface Candidate {
  readonly model: number;
  readonly boxXywh: readonly [number, number, number, number];
  readonly sureness: number;
}

/**
 * Places where enough models are sure of a face and none is annotated: no annotated face overlaps with the background
 * threshold, and no ignored one holds the centre. Detections of several models are one place from the foreground threshold on.
 *
 * @returns by the number of models, then by their mean sureness (`score`), highest first.
 * Cost: O(detections + candidates^2 within an image).
 */
export function unannotatedFaces(
  images: number,
  faces: EvaluatedFaces,
  audited: readonly AuditedModel[],
  { sure, models, foreground }: AuditSettings,
): Suspicion[] {
  const found: Suspicion[] = [];
  for (let image = 0; image < images; image++) {
    const left = audited.flatMap((model, index) => candidatesOf(model, index, image, sure));
    const candidates = left.filter(({ boxXywh }) => !isInIgnored(faces, image, boxXywh));
    candidates.sort((a, b) => b.sureness - a.sureness);
    const used = new Set<Candidate>();
    for (const best of candidates) {
      if (used.has(best)) continue;
      const members = [best];
      for (const other of candidates) {
        const isNew = !used.has(other) && members.every(({ model }) => model !== other.model);
        if (isNew && iouOf(best.boxXywh, other.boxXywh) >= foreground) members.push(other);
      }
      for (const member of members) used.add(member);
      if (members.length < models) continue;
      const score = members.reduce((sum, { sureness }) => sum + sureness, 0) / members.length;
      found.push({
        kind: 'unannotated',
        image,
        boxXywh: best.boxXywh,
        score,
        models: members.map(({ model }) => model).sort((a, b) => a - b),
        faces: [],
      });
    }
  }
  return found.sort((a, b) => b.models.length - a.models.length || b.score - a.score);
}

/** Sure detections of an image that overlap with no annotated face. */
function candidatesOf(
  { boxesXywh, ranked, pairs, sureness }: AuditedModel,
  model: number,
  image: number,
  sure: number,
): Candidate[] {
  const candidates: Candidate[] = [];
  for (let at = ranked.start[image]; at < ranked.start[image + 1]; at++) {
    const rank = ranked.byImage[at];
    if (sureness[rank] < sure) break;
    if (pairs.start[rank] !== pairs.start[rank + 1]) continue;
    const box = 4 * ranked.detection[rank];
    const [x, y, w, h] = boxesXywh.subarray(box, box + 4);
    candidates.push({ model, boxXywh: [x, y, w, h], sureness: sureness[rank] });
  }
  return candidates;
}

function isInIgnored(
  { start, boxesXywh, counted }: EvaluatedFaces,
  image: number,
  [x, y, w, h]: Candidate['boxXywh'],
): boolean {
  const [centreX, centreY] = [x + w / 2, y + h / 2];
  for (let face = start[image]; face < start[image + 1]; face++) {
    if (counted[face] === 1) continue;
    const [left, top, width, height] = boxesXywh.subarray(4 * face, 4 * face + 4);
    if (centreX >= left && centreX <= left + width && centreY >= top && centreY <= top + height) return true;
  }
  return false;
}

/** IoU of two boxes, continuous pixels. */
export function iouOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  if (!(width > 0 && height > 0)) return 0;
  return (width * height) / (a[2] * a[3] + b[2] * b[3] - width * height);
}
