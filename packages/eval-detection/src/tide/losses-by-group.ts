import type { TideGroup } from '@retinabench/results';
import type { ClassifiedErrors } from './classify.js';
import { countErrors } from './count-errors.js';
import { detectionTypes, errorTypes } from './error-types.js';
import { RepairedAp } from './repaired-ap.js';

/** Faces, detections or images divided into groups. */
export interface ErrorGroups {
  /** Names of the groups, in order. */
  readonly names: readonly string[];
  /** Int32Array [faces]: the group of each face; -1: none. */
  readonly ofFace: Int32Array;
  /** The group of a detection that is on no face, by rank; absent: none, as where only faces have the attribute. */
  readonly ofBackground?: (rank: number) => number;
}

/**
 * What the errors of each group cost of the AP of all: by height, occlusion, event or any attribute. A localisation error
 * and a duplicate belong to the face that they overlap most, a missed face to its own group; a detection on no face has no
 * attribute of a face, and belongs to a group only where detections or images themselves are divided.
 *
 * The losses of the groups of a type add up to about what the type costs; not exactly, since precision is shared.
 *
 * @returns groups with counted faces or errors.
 * Cost: a pass over the outcomes for each group and type that has errors.
 */
export function lossesByGroup(
  errors: ClassifiedErrors,
  { names, ofFace, ofBackground }: ErrorGroups,
): Record<string, TideGroup> {
  const faces = errors.counted.reduce((sum, counted) => sum + counted, 0);
  if (faces === 0) return {};
  const repaired = new RepairedAp(errors, faces);
  const ofRank = new Int32Array(errors.face.length);
  const ranks = names.map((): number[] => []);
  for (let rank = 0; rank < ofRank.length; rank++) {
    const face = errors.face[rank];
    const group = face >= 0 ? ofFace[face] : (ofBackground?.(rank) ?? -1);
    ofRank[rank] = group;
    if (group >= 0 && errors.type[rank] !== detectionTypes.hit) ranks[group].push(rank);
  }
  const facesOf = new Int32Array(names.length);
  for (let face = 0; face < ofFace.length; face++) {
    if (errors.counted[face] === 1 && ofFace[face] >= 0) facesOf[ofFace[face]]++;
  }
  const counts = countErrors(errors, names.length, ofRank, ofFace);
  const groups: Record<string, TideGroup> = {};
  for (const [group, name] of names.entries()) {
    const own = counts[group];
    if (facesOf[group] === 0 && errorTypes.every((type) => own[type] === 0)) continue;
    const part = { ranks: ranks[group], missed: own.missed };
    const lost = errorTypes
      .filter((type) => type !== 'background' || ofBackground !== undefined)
      .map((type) => [type, own[type] === 0 ? 0 : repaired.lost(type, part)]);
    groups[name] = { faces: facesOf[group], counts: own, lost: Object.fromEntries(lost) };
  }
  return groups;
}
