import {
  type ApInfluence,
  cocoIouThresholds,
  detectionOutcome,
  interpolatedAp,
  rankedInfluence,
} from '@retinabench/results';
import { facesPerImage } from '../match/faces-per-image.js';
import type { ImageDigests } from '../match/image-digests.js';
import { type AreaRange, cocoAreas, countedIn, matchFaces, outsideOf } from '../match/match-faces.js';
import type { MatchingInput } from '../match/prepare-matching.js';
import { MeanInfluence } from './mean-influence.js';

/** What COCO's metrics are asked for. */
export interface CocoOptions {
  /** Detections of an image that count, ascending; AP takes the last, AR each. COCO's: 1, 10, 100. */
  readonly maxDets: readonly number[];
  /** Whether the influence of each image is computed. */
  readonly influence: boolean;
  /** Takes in what becomes of each detection at each threshold, limits apart. */
  readonly digests?: ImageDigests;
}

/** COCO's metrics. A number that counts no face does not exist and is absent. */
export interface CocoMetrics {
  /** By name: `ap`, `ap50`, `ap75`, `apSmall` ..., `ar1`, `ar10`, `ar100`, `arSmall` ..., `uncapped.ap` ... */
  readonly values: Readonly<Record<string, number>>;
  /** Of each image on the AP and AR that have intervals, by the same names. */
  readonly influence: Readonly<Record<string, ApInfluence>>;
}

/**
 * Average precision and recall as COCO defines them, with its limit of detections per image and without.
 *
 * Cost: 40 matchings that share their pairs; O(40 x (detections + pairs)).
 * Source: `COCOeval` of pycocotools 2.0.11; its results to 1e-12.
 */
export function evaluateCoco(input: MatchingInput, options: CocoOptions): CocoMetrics {
  const values: Record<string, number> = {};
  const influence: Record<string, ApInfluence> = {};
  for (const area of cocoAreas) {
    const of = evaluateArea(input, area, options);
    if (of === undefined) continue;
    Object.assign(values, of.values);
    Object.assign(influence, of.influence);
  }
  return { values, influence };
}

function evaluateArea(
  input: MatchingInput,
  area: AreaRange,
  { maxDets, influence: withInfluence, digests }: CocoOptions,
): CocoMetrics | undefined {
  const { ranked } = input;
  const counted = countedIn(input, area);
  const faces = facesPerImage(input.faces.start, counted);
  const total = faces.reduce((sum, of) => sum + of, 0);
  if (total === 0) return undefined;
  const outside = outsideOf(input, area);
  const cap = maxDets[maxDets.length - 1];
  const isCut = ranked.place.some((place) => place >= cap);
  const matched = { face: new Int32Array(outside.length), outcomes: new Uint8Array(outside.length) };
  const aps: { readonly capped: number[]; readonly uncapped: number[] } = { capped: [], uncapped: [] };
  const recalls = new Map([...maxDets, Number.POSITIVE_INFINITY].map((most) => [most, 0]));
  const influences: Record<string, ApInfluence> = {};
  const mean = new MeanInfluence(faces);
  for (const [index, threshold] of cocoIouThresholds.entries()) {
    const { outcomes } = matchFaces(input, counted, outside, threshold, matched);
    if (area.name === 'all') digests?.add(ranked.image, ranked.scores, outcomes);
    for (const most of recalls.keys()) {
      let found = 0;
      for (let rank = 0; rank < outcomes.length; rank++) {
        if (outcomes[rank] === detectionOutcome.truePositive && ranked.place[rank] < most) found++;
      }
      recalls.set(most, (recalls.get(most) ?? 0) + found / total / cocoIouThresholds.length);
    }
    aps.uncapped.push(interpolatedAp(outcomes, total));
    if (isCut) {
      for (let rank = 0; rank < outcomes.length; rank++) {
        if (ranked.place[rank] >= cap) outcomes[rank] = detectionOutcome.ignored;
      }
    }
    const ap = isCut ? interpolatedAp(outcomes, total) : aps.uncapped[index];
    aps.capped.push(ap);
    if (!withInfluence) continue;
    const own = rankedInfluence({ outcomes, image: ranked.image, faces }, ap);
    if (own === undefined) continue;
    mean.add(own);
    if (area.name === 'all' && index === 0) influences.ap50 = own;
    if (area.name === 'all' && index === 5) influences.ap75 = own;
  }
  const suffix = area.name === 'all' ? '' : area.name[0].toUpperCase() + area.name.slice(1);
  if (withInfluence) influences[`ap${suffix}`] = mean.result();
  return { values: namedValues(suffix, aps, recalls, maxDets), influence: influences };
}

function namedValues(
  suffix: string,
  { capped, uncapped }: { readonly capped: readonly number[]; readonly uncapped: readonly number[] },
  recalls: ReadonlyMap<number, number>,
  maxDets: readonly number[],
): Record<string, number> {
  const meanOf = (aps: readonly number[]): number => aps.reduce((sum, ap) => sum + ap, 0) / aps.length;
  const recallAt = (most: number): number => recalls.get(most) ?? 0;
  const last = maxDets[maxDets.length - 1];
  if (suffix !== '') {
    return {
      [`ap${suffix}`]: meanOf(capped),
      [`ar${suffix}`]: recallAt(last),
      [`uncapped.ap${suffix}`]: meanOf(uncapped),
      [`uncapped.ar${suffix}`]: recallAt(Number.POSITIVE_INFINITY),
    };
  }
  return {
    ap: meanOf(capped),
    ap50: capped[0],
    ap75: capped[5],
    ...Object.fromEntries(maxDets.map((most) => [`ar${most}`, recallAt(most)])),
    'uncapped.ap': meanOf(uncapped),
    'uncapped.ap50': uncapped[0],
    'uncapped.ap75': uncapped[5],
    'uncapped.ar': recallAt(Number.POSITIVE_INFINITY),
  };
}
