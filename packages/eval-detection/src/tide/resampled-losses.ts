import { type Interval, intervalHolding, percentileInterval, type RankedDetections } from '@retinabench/results';
import { drawImages, type ResamplingOptions } from '../resample/draw-images.js';
import type { ClassifiedErrors } from './classify.js';
import type { TideResult } from './decompose.js';
import { detectionTypes, type ErrorTotal, type ErrorType, errorTotals, errorTypes } from './error-types.js';

/** 95 % intervals of what TIDE gives. */
export interface TideIntervals {
  readonly ap: Interval;
  readonly lost: Readonly<Record<ErrorType | ErrorTotal, Interval>>;
}

/** Recalls 0, 0.01 ... 1. */
const recalls = 101;

/** By how much a recall may miss a level by rounding. */
const rounding = 1e-9;

/**
 * Intervals of AP and of what each type of error costs, by bootstrap over images: images are drawn with replacement, and AP
 * as it is and with each type put right is taken of the draw. Nothing is matched again. A draw that counts no face is left
 * out; each interval holds its value.
 *
 * @param faceStart Int32Array [images + 1]: the faces of image i are faceStart[i] .. faceStart[i + 1] - 1.
 * @throws {ProtocolError} as drawImages.
 * Cost: a pass over the detections for each resample.
 */
export function tideIntervals(
  result: TideResult,
  errors: ClassifiedErrors,
  ranked: RankedDetections,
  faceStart: Int32Array,
  options: ResamplingOptions = {},
): TideIntervals {
  const images = faceStart.length - 1;
  const curve = new WeightedCurve(errors, imagesOfRanks(ranked));
  const facesOf = sumPerImage(errors.counted, faceStart);
  const missedOf = sumPerImage(errors.missed, faceStart);
  const names = ['ap', ...errorTypes, ...errorTotals] as const;
  const draws = new Map(names.map((name) => [name, [] as number[]]));
  drawImages(images, options, (times) => {
    let [faces, missed] = [0, 0];
    for (let image = 0; image < images; image++) {
      faces += times[image] * facesOf[image];
      missed += times[image] * missedOf[image];
    }
    if (faces === 0) return;
    const aps = curve.aps(times, faces, missed);
    draws.get('ap')?.push(aps.ap);
    for (const type of [...errorTypes, ...errorTotals]) draws.get(type)?.push(Math.max(0, aps[type] - aps.ap));
  });
  const interval = (name: (typeof names)[number], value: number): Interval =>
    intervalHolding(percentileInterval(draws.get(name) ?? [value]), value);
  const lost = [...errorTypes, ...errorTotals].map((type) => [type, interval(type, result.lost[type])]);
  return { ap: interval('ap', result.ap), lost: Object.fromEntries(lost) };
}

/** The image of the detection at each rank. */
export function imagesOfRanks({ start, byImage }: RankedDetections): Int32Array {
  const image = new Int32Array(byImage.length);
  for (let of = 0; of + 1 < start.length; of++) {
    for (let at = start[of]; at < start[of + 1]; at++) image[byImage[at]] = of;
  }
  return image;
}

function sumPerImage(flags: Uint8Array, start: Int32Array): Int32Array {
  return Int32Array.from({ length: start.length - 1 }, (_, image) =>
    flags.subarray(start[image], start[image + 1]).reduce((sum, flag) => sum + flag, 0),
  );
}

/** Precision and recall of weighted images, as they are and with each type of error put right, in one pass. */
class WeightedCurve {
  readonly #roles: Uint8Array;
  readonly #images: Int32Array;
  readonly #hits: Float64Array;
  readonly #precision: Readonly<Record<'ap' | 'localisation' | 'both' | 'duplicate' | 'background', Float64Array>>;
  readonly #repairedHits: Float64Array;

  constructor({ type, ignored, repairs }: ClassifiedErrors, images: Int32Array) {
    // Ignored detections take no part unless they repair a face.
    const takesPart = (_: number, rank: number): boolean => ignored[rank] === 0 || repairs[rank] === 1;
    this.#images = images.filter(takesPart);
    this.#roles = type.map(roleOf(ignored, repairs)).filter(takesPart);
    const most = this.#roles.filter((role) => role === roles.hit || role >= roles.repair).length;
    const array = (): Float64Array => new Float64Array(most);
    this.#hits = array();
    this.#repairedHits = array();
    this.#precision = {
      ap: array(),
      localisation: array(),
      both: array(),
      duplicate: array(),
      background: array(),
    };
  }

  aps(times: Uint16Array, faces: number, missed: number): Readonly<Record<'ap' | ErrorType | ErrorTotal, number>> {
    const precision = this.#precision;
    let [tp, repaired, localisation, both, duplicate, background] = [0, 0, 0, 0, 0, 0];
    let [events, repairedEvents] = [0, 0];
    for (let rank = 0; rank < this.#roles.length; rank++) {
      const weight = times[this.#images[rank]];
      if (weight === 0) continue;
      const role = this.#roles[rank];
      switch (role) {
        case roles.hit: {
          tp += weight;
          const all = tp + localisation + both + duplicate + background;
          this.#hits[events] = tp;
          precision.ap[events] = tp / all;
          precision.both[events] = tp / (all - both);
          precision.duplicate[events] = tp / (all - duplicate);
          precision.background[events++] = tp / (all - background);
          break;
        }
        case roles.duplicate:
          duplicate += weight;
          break;
        case roles.background:
          background += weight;
          break;
        case roles.both:
          both += weight;
          break;
        case roles.ignoredRepair:
          repaired += weight;
          break;
        default:
          localisation += weight;
          if (role === roles.repair) repaired += weight;
      }
      if (role === roles.hit || role >= roles.repair) {
        const hits = tp + repaired;
        this.#repairedHits[repairedEvents] = hits;
        precision.localisation[repairedEvents++] = hits / (hits + both + duplicate + background);
      }
    }
    for (const name of ['ap', 'both', 'duplicate', 'background'] as const) raise(precision[name], events);
    raise(precision.localisation, repairedEvents);
    const apOf = (of: Float64Array, left: number): number => area(this.#hits, of, events, left);
    return {
      ap: apOf(precision.ap, faces),
      localisation: area(this.#repairedHits, precision.localisation, repairedEvents, faces),
      both: apOf(precision.both, faces),
      duplicate: apOf(precision.duplicate, faces),
      background: apOf(precision.background, faces),
      missed: faces === missed ? 1 : apOf(precision.ap, faces - missed),
      falsePositive: ((Math.floor((tp / faces) * (recalls - 1) + rounding) + 1) / recalls) * (tp > 0 ? 1 : 0),
      falseNegative: tp === 0 ? 1 : apOf(precision.ap, tp),
    };
  }
}

/** What a detection does to the curves; from `repair` on it is a hit once localisation is put right. */
const roles = { hit: 0, localisation: 1, both: 2, duplicate: 3, background: 4, repair: 5, ignoredRepair: 6 } as const;

function roleOf(ignored: Uint8Array, repairs: Uint8Array): (type: number, rank: number) => number {
  const byType: Readonly<Record<number, number>> = {
    [detectionTypes.hit]: roles.hit,
    [detectionTypes.localisation]: roles.localisation,
    [detectionTypes.both]: roles.both,
    [detectionTypes.duplicate]: roles.duplicate,
  };
  return (type, rank) => {
    if (repairs[rank] === 1) return ignored[rank] === 1 ? roles.ignoredRepair : roles.repair;
    return byType[type] ?? roles.background;
  };
}

/** Precision never to rise again: the best from each event on. */
function raise(precision: Float64Array, events: number): void {
  for (let at = events - 2; at >= 0; at--) if (precision[at + 1] > precision[at]) precision[at] = precision[at + 1];
}

/** Mean over the recalls of the precision at the first event that reaches them. */
function area(hits: Float64Array, precision: Float64Array, events: number, faces: number): number {
  let sum = 0;
  let event = 0;
  for (let level = 0; level < recalls; level++) {
    const wanted = (level / (recalls - 1)) * faces - rounding;
    while (event < events && hits[event] < wanted) event++;
    if (event === events) break;
    sum += precision[event];
  }
  return sum / recalls;
}
