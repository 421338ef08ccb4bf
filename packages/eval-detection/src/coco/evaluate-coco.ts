import { type ApInfluence, cocoIouThresholds, type RecallGrid } from '@retinabench/results';
import { facesPerImage } from '../match/faces-per-image.js';
import type { ImageDigests } from '../match/image-digests.js';
import { type AreaRange, cocoAreas, countedIn, outsideOf } from '../match/match-faces.js';
import type { MatchingInput } from '../match/prepare-matching.js';
import { ApInfluences, recallInfluence } from './ap-influences.js';
import { AreaCurve } from './area-curve.js';

/** What COCO's metrics are asked for. */
export interface CocoOptions {
  /** Detections of an image that count, ascending; AP takes the last, AR each. COCO's: 1, 10, 100. */
  readonly maxDets: readonly number[];
  /** Whether the influence of each image is computed. */
  readonly influence: boolean;
  /** Takes in what becomes of each detection at each threshold, each limit separately. */
  readonly digests?: ImageDigests;
}

/** COCO's metrics. A number that counts no face does not exist and is absent. */
export interface CocoMetrics {
  /** By name: `ap`, `ap50`, `ap75`, `apSmall` ..., `ar1`, `ar10`, `ar100`, `arSmall` ..., `uncapped.ap` ... */
  readonly values: Readonly<Record<string, number>>;
  /** Of each image, by the same names. */
  readonly influence: Readonly<Record<string, ApInfluence>>;
  /** Of each AP that has influences. */
  readonly grids: Readonly<Record<string, RecallGrid>>;
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
  const grids: Record<string, RecallGrid> = {};
  for (const area of cocoAreas) {
    const of = evaluateArea(input, area, options);
    if (of === undefined) continue;
    Object.assign(values, of.values);
    Object.assign(influence, of.influence);
    Object.assign(grids, of.grids);
  }
  return { values, influence, grids };
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
  const curve = new AreaCurve(input, counted, outside);
  const outcomes = new Uint8Array(withInfluence || digests !== undefined ? outside.length : 0);
  const aps: { readonly capped: number[]; readonly uncapped: number[] } = { capped: [], uncapped: [] };
  const limits = [...maxDets, Number.POSITIVE_INFINITY];
  const recalls = new Map(limits.map((most) => [most, 0]));
  const found = limits.map(() => new Float64Array(faces.length));
  const [capped, uncapped] = [new ApInfluences(faces, ranked.image), new ApInfluences(faces, ranked.image)];
  for (const [index, threshold] of cocoIouThresholds.entries()) {
    curve.match(threshold);
    for (const [at, recall] of curve.recalls(limits, found).entries()) {
      recalls.set(limits[at], (recalls.get(limits[at]) ?? 0) + recall / cocoIouThresholds.length);
    }
    aps.uncapped.push(curve.ap(Number.POSITIVE_INFINITY));
    const ap = isCut ? curve.ap(cap) : aps.uncapped[index];
    aps.capped.push(ap);
    if (area.name === 'all' && digests !== undefined) {
      digests.add(ranked.image, ranked.scores, curve.outcomes(Number.POSITIVE_INFINITY, outcomes));
    }
    if (!withInfluence) continue;
    capped.add(index, curve, isCut ? cap : Number.POSITIVE_INFINITY, ap, outcomes);
    if (isCut) uncapped.add(index, curve, Number.POSITIVE_INFINITY, aps.uncapped[index], outcomes);
  }
  const suffix = area.name === 'all' ? '' : area.name[0].toUpperCase() + area.name.slice(1);
  const values = namedValues(suffix, aps, recalls, maxDets);
  if (!withInfluence) return { values, influence: {}, grids: {} };
  const ofAp = [capped.result('', suffix), (isCut ? uncapped : capped).result('uncapped.', suffix)];
  const ofRecall = limits.flatMap((most, at): [string, ApInfluence][] => {
    const name = recallName(suffix, most, cap);
    return name === undefined ? [] : [[name, recallInfluence(found[at], faces)]];
  });
  return {
    values,
    influence: Object.assign({}, ...ofAp.map(({ influence }) => influence), Object.fromEntries(ofRecall)),
    grids: Object.assign({}, ...ofAp.map(({ grids }) => grids)),
  };
}

/** The number that is the recall of a range of areas under a limit: all limits of all areas, the last of each size. */
function recallName(suffix: string, most: number, cap: number): string | undefined {
  if (most === Number.POSITIVE_INFINITY) return `uncapped.ar${suffix}`;
  if (suffix === '') return `ar${most}`;
  return most === cap ? `ar${suffix}` : undefined;
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
