import { DatasetError } from '@retinabench/core';
import { type LandmarkSet, toFive } from '@retinabench/eval-landmarks';

/** Annotated and predicted faces of the same points. */
export interface SamePoints {
  readonly annotated: LandmarkSet;
  readonly predicted: LandmarkSet;
  /** What the five were made of; absent where all points are compared. */
  readonly madeOf?: string;
}

/**
 * Bring both sides to the same points: as they are, or the five made of 68 or 98 where one side has five or the user asks.
 *
 * @throws {DatasetError} if the numbers of points differ and neither is five.
 */
export function samePoints(
  annotated: LandmarkSet,
  predicted: LandmarkSet,
  points: 'all' | 'five' | undefined,
): SamePoints {
  const [a, p] = [annotated.scheme, predicted.scheme];
  const five = points === 'five' || (points === undefined && a.id !== p.id && (a.id === 'five' || p.id === 'five'));
  if (!five) {
    if (a.count === p.count) return { annotated, predicted };
    throw new DatasetError(
      `${predicted.place}: expected ${a.count} points a face as ${annotated.place} has, got ${p.count}; --points five compares the five that both have`,
    );
  }
  if (a.id === 'five' && p.id === 'five') return { annotated, predicted };
  const make = (set: LandmarkSet): LandmarkSet => (set.scheme.id === 'five' ? set : toFive(set, set.scheme));
  return {
    annotated: make(annotated),
    predicted: make(predicted),
    madeOf: [...new Set([a.id, p.id].filter((id) => id !== 'five'))].join(' and '),
  };
}
