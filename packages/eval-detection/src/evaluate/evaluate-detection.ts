import type { Annotations } from '@retinabench/annotations';
import {
  type ApInfluence,
  type BreakdownBin,
  type DetectionImages,
  type DetectionPoint,
  type DetectionResult,
  type Interval,
  influenceColumn,
  influenceInterval,
  isLowerBetter,
  type ProtocolSettings,
  type RecallGrid,
} from '@retinabench/results';
import { evaluateCoco } from '../coco/evaluate-coco.js';
import { evaluatedFaces } from '../faces/evaluated-faces.js';
import { facesPerImage } from '../match/faces-per-image.js';
import { ImageDigests } from '../match/image-digests.js';
import { cocoAreas, countedIn } from '../match/match-faces.js';
import { type DetectedBoxes, type MatchingInput, prepareMatching } from '../match/prepare-matching.js';
import type { TieBounds } from '../operating/tie-bounds.js';
import { evaluateVoc } from '../voc/evaluate-voc.js';
import { type BreakdownBy, breakDownAll } from './break-down-all.js';
import { type DetectionSettings, detectionProtocol } from './detection-settings.js';
import { evaluateOperating } from './evaluate-operating.js';

/** What an evaluation computes beside the numbers. */
export interface DetectionOptions {
  /** Whether 95 % intervals, and what they take of each image, are computed; default true. */
  readonly interval?: boolean;
  /** Attributes to break down by; default: every one that divides the faces into few classes. */
  readonly by?: readonly BreakdownBy[];
}

/** The parts of a `detection` record that follow from annotations and predictions alone. */
export interface DetectionEvaluation {
  readonly protocol: ProtocolSettings;
  readonly detection: DetectionResult;
  /** AP and recall at the settings' IoU by attribute, height and folder. */
  readonly breakdown: Readonly<Record<string, Readonly<Record<string, BreakdownBin>>>>;
  readonly curves: Readonly<
    Record<string, { readonly precision: readonly number[]; readonly recall: readonly number[] }>
  >;
  /** What detections of equal score can do to AP at the settings' IoU. */
  readonly ties?: TieBounds;
  /** What a user should know: attributes that were not broken down. */
  readonly notes: readonly string[];
}

/** Numbers with the influences behind those that have an interval, each over a column of counted faces. */
interface Gathered {
  readonly values: Record<string, number>;
  readonly influence: Record<string, ApInfluence>;
  readonly grids: Record<string, RecallGrid>;
  readonly points: Record<string, DetectionPoint>;
}

/**
 * Evaluate detections on annotated images: COCO's AP and AR, VOC's AP, F1 over scores, miss rate along false positives per
 * image, with intervals and breakdowns.
 *
 * @param detected of the images of the annotations, in their order; images without detections have empty ranges.
 * @throws {ProtocolError} if a setting is out of range.
 * @throws {ShapeError} if a score is not a number.
 * Cost: O(pairs of near boxes + 80 x detections).
 */
export function evaluateDetection(
  annotations: Annotations,
  detected: DetectedBoxes,
  settings: DetectionSettings,
  options: DetectionOptions = {},
): DetectionEvaluation {
  const protocol = detectionProtocol(settings);
  const faces = evaluatedFaces(annotations, settings.faces);
  const input = prepareMatching(faces, detected, settings.faces.minSizePx, Math.min(0.5, settings.iou));
  const withInterval = options.interval !== false;
  const digests = new ImageDigests(annotations.images.length);
  const all: Gathered = { values: {}, influence: {}, grids: {}, points: {} };
  if (settings.metrics.includes('coco')) {
    const { values, influence, grids } = evaluateCoco(input, {
      maxDets: settings.maxDets,
      influence: withInterval,
      digests,
    });
    Object.assign(all.values, values);
    Object.assign(all.influence, influence);
    Object.assign(all.grids, grids);
  }
  if (settings.metrics.includes('voc')) addVoc(all, input, settings.iou);
  const operating = evaluateOperating(input, settings, digests);
  Object.assign(all.values, operating.values);
  Object.assign(all.influence, operating.influence);
  Object.assign(all.points, operating.points);
  const { breakdown, notes } = breakDownAll(annotations, input, settings.iou, operating.matched, options.by);
  const images = withInterval ? imagesOf(annotations.images, input, all, digests) : undefined;
  return {
    protocol,
    detection: {
      values: all.values,
      ...(images === undefined ? {} : { interval: intervalsOf(all, input) }),
      ...(Object.keys(all.points).length === 0 ? {} : { points: all.points }),
      ...(operating.missRateCurve === undefined ? {} : { missRateCurve: operating.missRateCurve }),
      faces: faces.numbers,
      detections: input.ranked.detection.length,
      ...(images === undefined ? {} : { images }),
    },
    breakdown,
    curves: operating.curves,
    ...(operating.ties === undefined ? {} : { ties: operating.ties }),
    notes,
  };
}

function addVoc({ values, influence, grids }: Gathered, input: MatchingInput, iou: number): void {
  for (const addedPx of [0, 1] as const) {
    const result = evaluateVoc(input, { iou, addedPx });
    if (result === undefined) continue;
    const prefix = addedPx === 0 ? 'voc.' : 'voc.plusOne.';
    values[`${prefix}allPoint`] = result.allPoint;
    values[`${prefix}elevenPoint`] = result.elevenPoint;
    influence[`${prefix}allPoint`] = result.influence.allPoint;
    influence[`${prefix}elevenPoint`] = result.influence.elevenPoint;
    grids[`${prefix}elevenPoint`] = result.grid;
  }
}

/** The column of counted faces that a number is over. */
function facesColumn(name: string): string {
  return cocoAreas.slice(1).find((area) => name.toLowerCase().endsWith(area.name))?.name ?? 'all';
}

function intervalsOf({ values, influence }: Gathered, input: MatchingInput): Record<string, Interval> {
  const columns = faceColumns(input);
  return Object.fromEntries(
    Object.entries(influence).flatMap(([name, effect]): [string, Interval][] => {
      const facesOf = columns[facesColumn(name)];
      if (facesOf === undefined || values[name] === undefined) return [];
      const [low, high] = influenceInterval(effect, facesOf);
      return [[name, isLowerBetter(name) ? [1 - high, 1 - low] : [low, high]]];
    }),
  );
}

function imagesOf(
  names: readonly string[],
  input: MatchingInput,
  { influence, grids }: Gathered,
  digests: ImageDigests,
): DetectionImages {
  const columns = faceColumns(input);
  const used = new Set(Object.keys(influence).map(facesColumn));
  return {
    names,
    faces: Object.fromEntries(
      Object.entries(columns)
        .filter(([name]) => name === 'all' || used.has(name))
        .map(([name, of]) => [name, [...of]]),
    ),
    digests: digests.result(),
    influence: Object.fromEntries(
      Object.entries(influence).map(([name, effect]) => {
        const column = facesColumn(name);
        return [name, influenceColumn(effect, column, columns[column], grids[name])];
      }),
    ),
  };
}

/** Int32Array [images] by range of area: counted faces. */
function faceColumns(input: MatchingInput): Record<string, Int32Array> {
  return Object.fromEntries(
    cocoAreas.map((area) => [area.name, facesPerImage(input.faces.start, countedIn(input, area))]),
  );
}
