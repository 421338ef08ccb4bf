import { DatasetError } from '@retinabench/core';
import { fiveNames, fiveOrder } from '../points/five-names.js';
import { pointScheme } from '../points/point-scheme.js';
import type { LandmarkSet } from './landmark-set.js';

/** Both sides with their points in one order, and what was done for it. */
export interface SetsByNames {
  readonly annotated: LandmarkSet;
  readonly predicted: LandmarkSet;
  readonly notes: readonly string[];
}

/**
 * Bring named points to one order: five points to that of the scheme `five`, others of the prediction to that of the annotation.
 * The five are named as they lie in the image; where the annotation names the sides of the person (its left eyes lie right),
 * both sides are read so. Points without names keep their order, but for those that by their format stand in the annotation's.
 *
 * @throws {DatasetError} if five points of the two sides have names that are not the same.
 */
export function byNames(annotated: LandmarkSet, predicted: LandmarkSet): SetsByNames {
  const [truth, found] = [annotated.pointNames, predicted.pointNames];
  if (truth === undefined && found === undefined) return { annotated, predicted, notes: [] };
  if (truth?.length !== 5 && found?.length !== 5) return ofTheSameNames(annotated, predicted);
  const order = truth === undefined ? undefined : fiveOrder(truth);
  if (truth?.length === 5 && order === undefined) return ofOtherNames(annotated, predicted, truth);
  const ofPerson = order !== undefined && liesRight(annotated, order[0], order[1]);
  const inImage = (named: readonly number[]): readonly number[] => {
    const [left, right, nose, mouthLeft, mouthRight] = named;
    return ofPerson ? [right, left, nose, mouthRight, mouthLeft] : named;
  };
  const notes: string[] = [];
  const arrange = (set: LandmarkSet, side: string, named: readonly number[] | undefined): LandmarkSet => {
    if (named === undefined) return set;
    const from = inImage(named);
    if (from.every((point, at) => point === at)) return set;
    notes.push(
      `${side}: points are put in order by their names, ${fiveNames.map((name, at) => `${name} is number ${from[at] + 1}`).join(', ')}${ofPerson ? '; left and right of the names are the sides of the person' : ''}`,
    );
    return ordered(set, from);
  };
  return {
    annotated: arrange(annotated, 'gt', order),
    predicted: arrange(predicted, 'pred', orderOfPredicted(annotated, predicted, order)),
    notes,
  };
}

/** Where the five points of the prediction stand; undefined where they stand in order, or are other than five. */
function orderOfPredicted(
  annotated: LandmarkSet,
  predicted: LandmarkSet,
  ofAnnotated: readonly number[] | undefined,
): readonly number[] | undefined {
  const { pointNames, scheme } = predicted;
  if (scheme.count !== 5) return undefined;
  if (pointNames === undefined) return predicted.pointsAsAnnotated === true ? ofAnnotated : undefined;
  const order = fiveOrder(pointNames);
  if (order === undefined) throw otherNames(annotated, predicted);
  return order;
}

/** Five points that are not the known five: nothing is known of them but their names. */
function ofOtherNames(annotated: LandmarkSet, predicted: LandmarkSet, names: readonly string[]): SetsByNames {
  const scheme = { id: 'points-5', count: 5 };
  const unknown = { ...annotated, scheme };
  const notes = [
    `gt: the points are ${names.join(', ')}, not ${fiveNames.join(', ')}: they have no eyes to divide by, and no parts`,
  ];
  if (predicted.scheme.count !== 5) throw otherNames(annotated, predicted);
  if (predicted.pointNames === undefined) return { annotated: unknown, predicted: { ...predicted, scheme }, notes };
  const same = ofTheSameNames(annotated, predicted);
  const order = orderOf(names, predicted.pointNames);
  if (order === undefined) throw otherNames(annotated, predicted);
  return { annotated: unknown, predicted: { ...same.predicted, scheme }, notes: [...notes, ...same.notes] };
}

/** Predicted points in the order of annotated ones, where both have the same names. */
function ofTheSameNames(annotated: LandmarkSet, predicted: LandmarkSet): SetsByNames {
  const order = orderOf(annotated.pointNames ?? [], predicted.pointNames ?? []);
  if (order === undefined || order.every((from, at) => from === at)) return { annotated, predicted, notes: [] };
  const notes = [`pred: points are put in the order of ${annotated.place} by their names`];
  return { annotated, predicted: ordered(predicted, order), notes };
}

function orderOf(names: readonly string[], others: readonly string[]): number[] | undefined {
  const plain = (name: string): string => name.toLowerCase().replace(/[\s_.-]+/g, '_');
  const of = others.map(plain);
  const order = names.map((name) => of.indexOf(plain(name)));
  const isWhole = names.length === others.length && new Set(order).size === order.length && !order.includes(-1);
  return isWhole ? order : undefined;
}

function otherNames(annotated: LandmarkSet, predicted: LandmarkSet): DatasetError {
  const said = ({ pointNames, scheme }: LandmarkSet): string => pointNames?.join(', ') ?? scheme.id;
  return new DatasetError(
    `${predicted.place}: expected the points of ${annotated.place}, ${said(annotated)}, got ${said(predicted)}; compare points of the same names`,
  );
}

/** Whether on most faces one point lies right of another. */
function liesRight({ points, scheme, faces }: LandmarkSet, one: number, other: number): boolean {
  let balance = 0;
  for (let face = 0; face < faces; face++) {
    const distance = points[(face * scheme.count + one) * 2] - points[(face * scheme.count + other) * 2];
    if (!Number.isNaN(distance)) balance += Math.sign(distance);
  }
  return balance > 0;
}

/** The same faces, point i taken from `order[i]`. */
function ordered(set: LandmarkSet, order: readonly number[]): LandmarkSet {
  const { count } = set.scheme;
  const { visibility, pointNames } = set;
  const from = (point: number): number => point - (point % count) + order[point % count];
  return {
    ...set,
    scheme: count === 5 ? pointScheme(5) : set.scheme,
    points: set.points.map((_, at) => set.points[from(at >> 1) * 2 + (at % 2)]),
    ...(visibility === undefined ? {} : { visibility: visibility.map((_, at) => visibility[from(at)]) }),
    ...(pointNames === undefined ? {} : { pointNames: order.map((point) => pointNames[point]) }),
  };
}
