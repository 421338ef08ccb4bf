import { DatasetError } from '@retinabench/core';
import {
  clopperPearsonInterval,
  cumulativeErrors,
  errorDraws,
  type Interval,
  intervalHolding,
  type LandmarkImage,
  type LandmarkResult,
  type LandmarkSummary,
  type ProtocolSettings,
  percentileInterval,
  summariseErrors,
} from '@retinabench/results';
import { type CountedPoints, type FaceErrors, faceErrors } from '../error/face-errors.js';
import type { NormaliserName } from '../error/normaliser.js';
import type { PairedFaces } from '../match/pair-faces.js';
import type { LandmarkSet } from '../set/landmark-set.js';
import { type BinRule, binFaces } from '../summary/bins.js';

/** What the numbers depend on beside points and pairs. */
export interface LandmarkOptions {
  readonly normaliser: NormaliserName;
  readonly counted: CountedPoints;
  /** Errors above which a face is a failure, and to which areas reach. */
  readonly thresholds: readonly number[];
  /** Columns of the annotation by which the faces are split, numbers among them by a rule. */
  readonly bins: ReadonlyMap<string, BinRule | undefined>;
  readonly interval: boolean;
}

/** Numbers of a record and the settings that they depend on. */
export interface LandmarkEvaluation {
  readonly protocol: ProtocolSettings;
  readonly result: LandmarkResult;
  readonly errors: FaceErrors;
}

/** Error to which the distribution is drawn, at least, and its steps. */
const leastLimit = 0.15;
const curveSteps = 150;

/**
 * All numbers of predicted landmarks against annotated ones.
 *
 * @throws {DatasetError} if no annotated face can be evaluated, or a column to split by is not there.
 * @throws {ProtocolError} as faceErrors.
 */
export function evaluateLandmarks(
  annotated: LandmarkSet,
  predicted: LandmarkSet,
  pairs: PairedFaces,
  options: LandmarkOptions,
): LandmarkEvaluation {
  const { normaliser, counted, thresholds } = options;
  const errors = faceErrors(annotated, predicted, pairs.matches, normaliser, counted);
  if (errors.faces.length === 0) {
    throw new DatasetError(
      `${annotated.place}: expected a face to evaluate, got ${errors.withoutPoints} without points and ${errors.withoutLength} without a length ${normaliser}; choose another normaliser or annotation`,
    );
  }
  const images = imagesOf(annotated, errors);
  const matched = errors.errors.filter((error) => Number.isFinite(error));
  const largest = normaliser === 'pixels' ? Math.max(...thresholds) : Math.max(leastLimit, ...thresholds);
  const summary = summariseErrors(errors.errors, thresholds);
  const result: LandmarkResult = {
    withoutPoints: errors.withoutPoints,
    withoutLength: errors.withoutLength,
    unmatched: pairs.unmatched,
    incomplete: errors.incomplete,
    ...(matched.length === 0 ? {} : { matchedOnly: summariseErrors(matched, thresholds) }),
    missesAsFailures: summary,
    nmeWithMissesAsOne: meanOf(errors.errors.map((error) => (Number.isFinite(error) ? error : 1))),
    ...(options.interval ? { interval: intervalsOf(images, thresholds, summary) } : {}),
    ...perPart(errors, annotated),
    ced: cumulativeErrors(errors.errors, largest, curveSteps),
    ...splitByColumns(annotated, errors, options),
    images,
  };
  return { protocol: protocolOf(annotated, pairs, options), result, errors };
}

function protocolOf({ scheme }: LandmarkSet, pairs: PairedFaces, options: LandmarkOptions): ProtocolSettings {
  const { normaliser, counted, thresholds, bins } = options;
  return {
    task: 'landmarks',
    points: scheme.id,
    counted,
    normaliser,
    thresholds,
    auc: 'exact',
    ...pairs.protocol,
    ...(bins.size === 0
      ? {}
      : {
          bins: [...bins].map(([name, rule]) =>
            rule === undefined ? name : `${rule.absolute ? `|${name}|` : name}:${rule.edges.join(',')}`,
          ),
        }),
  };
}

/** Errors by image, in the order of the annotation; without names each row is an image of its own. */
function imagesOf({ images, imageOf, faces }: LandmarkSet, { faces: evaluated, errors }: FaceErrors): LandmarkImage[] {
  const names = images ?? Array.from({ length: faces }, (_, row) => `row ${row}`);
  const ofImages = names.map((): number[] => []);
  evaluated.forEach((face, at) => {
    ofImages[imageOf?.[face] ?? face].push(Number.isFinite(errors[at]) ? errors[at] : -1);
  });
  return names.map((name, image) => ({ name, errors: ofImages[image] }));
}

function intervalsOf(images: readonly LandmarkImage[], thresholds: readonly number[], values: LandmarkSummary) {
  const measured = (name: string): number => {
    const [kind, ...threshold] = name.split('.');
    if (kind === 'nme') return values.nme ?? 0;
    if (kind === 'missed') return values.missed / values.faces;
    return (kind === 'auc' ? values.auc : values.failureRate)[threshold.join('.')];
  };
  // Where no draw differs, as many images as there are bound what cannot be excluded.
  const units = images.filter(({ errors }) => errors.length > 0).length;
  const ofDraws = (name: string, draws: readonly number[]): Interval => {
    const interval = intervalHolding(percentileInterval(draws), measured(name));
    if (interval[0] < interval[1] || !/^(failureRate|missed)/.test(name)) return interval;
    const [low, high] = clopperPearsonInterval(measured(name) === 0 ? 0 : units, units);
    return [Math.min(low, interval[0]), Math.max(high, interval[1])];
  };
  const drawn = Object.entries(errorDraws(images, thresholds));
  return Object.fromEntries(drawn.map(([name, draws]) => [name, ofDraws(name, draws)]));
}

function perPart({ perPoint, faces }: FaceErrors, { scheme }: LandmarkSet) {
  const ofPoints = (first: number, last: number): number | undefined => {
    let [sum, count] = [0, 0];
    for (let face = 0; face < faces.length; face++) {
      for (let point = first; point <= last; point++) {
        const error = perPoint[face * scheme.count + point];
        if (Number.isNaN(error)) continue;
        sum += error;
        count++;
      }
    }
    return count === 0 ? undefined : sum / count;
  };
  const points = Array.from({ length: scheme.count }, (_, point) => ofPoints(point, point));
  const groups = Object.entries(scheme.groups ?? {}).flatMap(([name, [first, last]]) => {
    const error = ofPoints(first, last);
    return error === undefined ? [] : [[name, error] as const];
  });
  return {
    perPoint: points.every((error) => error !== undefined) ? points : [],
    ...(groups.length === 0 ? {} : { perGroup: Object.fromEntries(groups) }),
  };
}

function splitByColumns(annotated: LandmarkSet, { faces, errors }: FaceErrors, options: LandmarkOptions) {
  const { bins, thresholds } = options;
  if (bins.size === 0) return {};
  const at = new Map(Array.from(faces, (face, index) => [face, index]));
  const split = [...bins].map(([name, rule]): [string, Record<string, LandmarkSummary>] => {
    const column = annotated.attributes.get(name);
    if (column === undefined) {
      throw new DatasetError(
        `${annotated.place}: expected a column ${name} to split by, got ${[...annotated.attributes.keys()].join(', ') || 'none'}`,
      );
    }
    const ofBins = [...binFaces(name, column, rule)].flatMap(([bin, members]) => {
      const ofBin = members.flatMap((face) => at.get(face) ?? []).map((index) => errors[index]);
      return ofBin.length === 0 ? [] : [[bin, summariseErrors(Float64Array.from(ofBin), thresholds)] as const];
    });
    return [name, Object.fromEntries(ofBins)];
  });
  return {
    bins: Object.fromEntries(split),
    meanOfBins: Object.fromEntries(
      split.flatMap(([name, ofBins]) => {
        const nmes = Object.values(ofBins).flatMap(({ nme }) => (nme === undefined ? [] : [nme]));
        return nmes.length === 0 ? [] : [[name, meanOf(nmes)] as const];
      }),
    ),
  };
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
