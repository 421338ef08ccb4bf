import type { Finding } from '@retinabench/results';
import type { PairedFaces } from '../match/pair-faces.js';
import type { LandmarkSet } from '../set/landmark-set.js';

/** What can be wrong with landmarks; docs/landmarks.md has the table. */
export type LandmarkCode =
  | 'axes-exchanged'
  | 'points-relative'
  | 'points-reordered'
  | 'points-misnamed'
  | 'points-scaled'
  | 'points-offset'
  | 'points-of-crops'
  | 'rows-shifted'
  | 'faces-elsewhere'
  | 'worse-than-centre'
  | 'points-equal'
  | 'points-missing'
  | 'boxes-elsewhere'
  | 'bins-in-radians'
  | 'bins-empty'
  | 'points-rounded'
  | 'lengths-small'
  | 'faces-missed';

/** One thing that is wrong with landmarks, or that the number cannot say. */
export type LandmarkFinding = Finding<LandmarkCode>;

/** What is looked at. */
export interface LandmarkInput {
  readonly annotated: LandmarkSet;
  readonly predicted: LandmarkSet;
  readonly pairs: PairedFaces;
}
