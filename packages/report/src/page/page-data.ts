import type { Interval, ResultRecord } from '@retinabench/results';
import type { BaselineEntry } from '../baseline/history.js';
import type { ComparedNumber } from '../compare/compare-records.js';
import type { DecisionTable } from '../decision/decision-table.js';

export type { ComparedNumber };

/** A record as the page has it: without per-image data and draws, with curves thinned. */
export interface PageRecord extends Omit<ResultRecord, 'images' | 'resampled'> {
  /** `R1`, `R2`, ... in the order given. */
  readonly key: string;
  readonly label: string;
  /** The file it was read from. */
  readonly file: string;
  /** Key of the record it is compared with; its own if it is the baseline of its kind. */
  readonly baselineKey: string;
  /** Whether its AP compares with what was published for its model, in words. */
  readonly published?: readonly string[];
  /** Its numbers against the baseline's; empty for a baseline. */
  readonly compared: readonly ComparedNumber[];
}

/** A point of the speed/accuracy chart: AP of one record with the time of another, or of the same, of that model. */
export interface SpeedPoint {
  /** Key of the record with the AP. */
  readonly key: string;
  /** Key of the record with the time. */
  readonly latencyKey: string;
  readonly label: string;
  readonly latencyMs: number;
  readonly latencyInterval: Interval;
  readonly ap: ResultRecord['ap'];
  readonly interval: ResultRecord['interval'];
  readonly parameters?: number;
}

/** What a box in the gallery is. */
export type GalleryBoxKind = 'hit' | 'miss' | 'false positive' | 'ignored';

/** One box of a gallery image, in pixels of the thumbnail. */
export interface GalleryBox {
  readonly kind: GalleryBoxKind;
  readonly boxXywh: readonly [number, number, number, number];
  readonly score?: number;
  /** Height in the original image. */
  readonly heightPx: number;
  /** Labels of an annotated face: `heavy blur`, `partial occlusion`. */
  readonly attributes?: readonly string[];
  /** Of a false positive, where the record has errors by type: `localisation`, `duplicate`, `background`. */
  readonly error?: string;
}

/** A face cut out of a gallery image. */
export interface GalleryCrop {
  readonly kind: GalleryBoxKind;
  /** JPEG as a data URL. */
  readonly url: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly caption: string;
}

/** One image that cost AP, or another number of a detector. */
export interface GalleryImage {
  /** Key of the record whose detections are drawn. */
  readonly key: string;
  readonly name: string;
  /** Folder of the image. */
  readonly event: string;
  /** Which faces count. */
  readonly split: string;
  /** The number that is lost, as the page calls it: `AP hard`, `AP50`. */
  readonly number: string;
  /** How much of it is lost to this image, 0..1. */
  readonly apLost: number;
  /** JPEG as a data URL; absent if the image was not found or the size cap is reached. */
  readonly url?: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly boxes: readonly GalleryBox[];
  readonly crops: readonly GalleryCrop[];
}

/** Everything the page shows: one JSON value inside it. */
export interface PageData {
  readonly title: string;
  readonly createdAt: string;
  /** The command that makes the page again. */
  readonly command: string;
  readonly records: readonly PageRecord[];
  /** Detectors side by side, one table for each way of scoring and data set. */
  readonly decisions: readonly DecisionTable[];
  readonly speed: readonly SpeedPoint[];
  readonly gallery: readonly GalleryImage[];
  /** What a reader should know of the gallery. */
  readonly galleryNotes: readonly string[];
  readonly history: readonly BaselineEntry[];
}
