import type { ClassifiedErrors } from './classify.js';
import { countErrors, type ErrorCounts } from './decompose.js';
import { type ErrorType, errorTypes } from './error-types.js';
import { apAsItIs, type ErrorGroup, repairedAp } from './repaired-ap.js';

/** Faces, detections or images divided into groups. */
export interface ErrorGroups {
  /** Names of the groups, in order. */
  readonly names: readonly string[];
  /** Int32Array [faces]: the group of each face; -1: none. */
  readonly ofFace: Int32Array;
  /** The group of a detection that is on no face, by rank; absent: none, as where only faces have the attribute. */
  readonly ofBackground?: (rank: number) => number;
}

/** What the errors of one group cost. */
export interface GroupLosses {
  /** Counted faces. */
  readonly faces: number;
  readonly counts: ErrorCounts;
  /** AP of all that would be gained were this type put right in this group alone. Background only where it has groups. */
  readonly lost: Readonly<Partial<Record<ErrorType, number>>>;
}

/**
 * What the errors of each group cost of the AP of all: by height, occlusion, event or any attribute. A localisation error
 * and a duplicate belong to the face that they overlap most, a missed face to its own group; a detection on no face has no
 * attribute of a face, and belongs to a group only where detections or images themselves are divided.
 *
 * The losses of the groups of a type add up to about what the type costs; not exactly, since precision is shared.
 *
 * @returns groups with counted faces or errors.
 * Cost: a pass over the detections for each group and type that has errors.
 */
export function lossesByGroup(
  errors: ClassifiedErrors,
  { names, ofFace, ofBackground }: ErrorGroups,
): Record<string, GroupLosses> {
  const faces = errors.counted.reduce((sum, counted) => sum + counted, 0);
  if (faces === 0) return {};
  const ap = apAsItIs(errors, faces);
  const facesOf = new Int32Array(names.length);
  for (let face = 0; face < ofFace.length; face++)
    if (errors.counted[face] === 1 && ofFace[face] >= 0) facesOf[ofFace[face]]++;
  const ofRank = errors.face.map((face, rank) => (face >= 0 ? ofFace[face] : (ofBackground?.(rank) ?? -1)));
  const groups: Record<string, GroupLosses> = {};
  for (const [group, name] of names.entries()) {
    const part: ErrorGroup = { ofRank, ofFace, group };
    const counts = countErrors(errors, part);
    if (facesOf[group] === 0 && errorTypes.every((type) => counts[type] === 0)) continue;
    const lost = errorTypes
      .filter((type) => type !== 'background' || ofBackground !== undefined)
      .map((type) => [type, counts[type] === 0 ? 0 : Math.max(0, repairedAp(errors, faces, type, part) - ap)]);
    groups[name] = { faces: facesOf[group], counts, lost: Object.fromEntries(lost) };
  }
  return groups;
}
