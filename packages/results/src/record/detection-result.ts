import type { Interval } from './interval.js';

/** Use of a detector at one score. */
export interface DetectionPoint {
  /** Detections of at least this score are used. */
  readonly score: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** False positives per image. */
  readonly fppi: number;
  readonly truePositives: number;
  readonly falsePositives: number;
}

/**
 * Where the curves of an AP of 101 recalls, or so many as it says, end, one for each IoU: a change in recall that passes one more of
 * the recalls, or one less, changes the AP by a step.
 */
export interface RecallGrid {
  /** Recall that is reached. */
  readonly recall: readonly number[];
  /** What one recall more adds to the AP at this IoU: the precision there, over the recalls. */
  readonly step: readonly number[];
  /** Recalls from 0 to 1 at which precision is read; absent: 101. */
  readonly recalls?: number;
}

/** How the images act on one number: what an interval of it and a paired difference take. */
export interface InfluenceColumn {
  /** Which column of `faces` the number counts. */
  readonly faces: string;
  /** Influence of an image with one counted face and no detection, negative; of more faces as many times that. */
  readonly perMissedFace: number;
  /** Influence of an image with one counted face that is found first, without a false positive. */
  readonly perPerfectFace: number;
  /** Change of the number per further copy of each image, in the order of `names`; they add up to 0. */
  readonly perImage: readonly number[];
  /** Of an AP that reads precision at some recalls. */
  readonly grid?: RecallGrid;
}

/** What a detection record holds of each image, column by column, for intervals and paired differences. */
export interface DetectionImages {
  readonly names: readonly string[];
  /** By range of area, `all` and others, the counted faces of each image. */
  readonly faces: Readonly<Record<string, readonly number[]>>;
  /** Eight hex digits of a hash of the detections of each image and of what became of them. */
  readonly digests: readonly string[];
  /** By number, such as `ap` or `ap50`. */
  readonly influence: Readonly<Record<string, InfluenceColumn>>;
  /** What the detections of each image are under `tide`, as `types` of an image of a WIDER record has it. */
  readonly types?: readonly string[];
}

/** Numbers of a detection record. */
export interface DetectionResult {
  /**
   * By name, 0..1: `ap`, `ap50`, `apSmall`, `ar100`, `uncapped.ap` ..., `voc.allPoint` ..., `f1`, `missRate` ... A number that counts
   * no face does not exist and is absent.
   */
  readonly values: Readonly<Record<string, number>>;
  /** 95 %, of those that have one. */
  readonly interval?: Readonly<Record<string, Interval>>;
  /** Uses of the detector by name: `bestF1`, `atScore`. */
  readonly points?: Readonly<Record<string, DetectionPoint>>;
  /** Miss rate along false positives per image, ascending. */
  readonly missRateCurve?: { readonly fppi: readonly number[]; readonly missRate: readonly number[] };
  /** Annotated faces by what becomes of them, those without area among them; detections that were evaluated. */
  readonly faces: {
    readonly counted: number;
    readonly ignored: number;
    readonly crowd: number;
    readonly dropped: number;
    readonly withoutArea: number;
  };
  readonly detections: number;
  readonly images?: DetectionImages;
}
