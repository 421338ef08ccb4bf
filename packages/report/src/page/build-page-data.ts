import { ProtocolError } from '@retinabench/core';
import type { DetectionResult, ResultRecord } from '@retinabench/results';
import type { BaselineEntry } from '../baseline/history.js';
import { compareRecords } from '../compare/compare-records.js';
import { controlMarks } from '../compare/control-marks.js';
import type { PairedDifference } from '../difference/difference-interval.js';
import { intervalOfMedian } from '../difference/interval-of-difference.js';
import type { GalleryImage, PageData, PageRecord, SpeedPoint } from './page-data.js';
import { recordLabels, type SourcedRecord } from './record-labels.js';
import { thinCurve } from './thin-curve.js';

/** What a page is made of. */
export interface PageInput {
  readonly title: string;
  /** ISO-8601. */
  readonly createdAt: string;
  readonly command: string;
  readonly records: readonly SourcedRecord[];
  /** Index of the chosen baseline in `records`; of other kinds, the first record is the baseline. */
  readonly baseline: number;
  readonly gallery?: readonly GalleryImage[];
  readonly galleryNotes?: readonly string[];
  readonly history?: readonly BaselineEntry[];
  readonly pairedApDifference: PairedDifference;
  /** Called after each record with how many are compared. */
  readonly onCompared?: (done: number) => void;
}

/** Points of a precision-recall curve that a page keeps; a chart is fewer pixels wide. */
const curvePoints = 300;

/**
 * Work out all that a page shows.
 *
 * @throws {ProtocolError} if there is no record.
 * Cost: one paired difference per WIDER record that is comparable with its baseline.
 */
export function buildPageData(input: PageInput): PageData {
  const { records, baseline } = input;
  if (records.length === 0) throw new ProtocolError('a page needs at least one record, got none; name record files');
  const labels = recordLabels(records);
  const references = records.map(({ record }) => baselineOf(records, baseline, record));
  const compared = controlMarks(
    records.map(({ record }, index) => {
      const reference = references[index];
      const numbers =
        reference === index ? [] : compareRecords(records[reference].record, record, input.pairedApDifference);
      input.onCompared?.(index + 1);
      return numbers;
    }),
  );
  const pageRecords = records.map(({ file, record }, index): PageRecord => {
    const { images: _, resampled: __, curves, detection, landmarks, tide, calibration, ...rest } = record;
    return {
      ...rest,
      ...(detection === undefined ? {} : { detection: withoutImages(detection) }),
      ...(tide === undefined ? {} : { tide: withoutDraws(tide) }),
      ...(calibration === undefined ? {} : { calibration: withoutDraws(calibration) }),
      // Their errors are what a page does not show.
      ...(landmarks === undefined ? {} : { landmarks: { ...landmarks, images: [] } }),
      ...(curves === undefined ? {} : { curves: mapValues(curves, (curve) => thinCurve(curve, curvePoints)) }),
      key: keyOf(index),
      label: labels[index],
      file,
      baselineKey: keyOf(references[index]),
      compared: compared[index],
    };
  });
  return {
    title: input.title,
    createdAt: input.createdAt,
    command: input.command,
    records: pageRecords,
    speed: speedPoints(pageRecords),
    gallery: input.gallery ?? [],
    galleryNotes: input.galleryNotes ?? [],
    history: input.history ?? [],
  };
}

/** What a page shows of a detection record: all but the columns of the images. */
function withoutImages(detection: DetectionResult): DetectionResult {
  const { images: _, ...shown } = detection;
  return shown;
}

/** The draws are for comparing, which is done by now. */
function withoutDraws<T extends { readonly draws?: unknown }>(analysis: T): Omit<T, 'draws'> {
  const { draws: _, ...shown } = analysis;
  return shown;
}

function keyOf(index: number): string {
  return `R${index + 1}`;
}

function baselineOf(records: readonly SourcedRecord[], chosen: number, { kind }: ResultRecord): number {
  if (records[chosen]?.record.kind === kind) return chosen;
  return records.findIndex(({ record }) => record.kind === kind);
}

/**
 * Every AP beside every total latency of the same model: of its own record if that has one, else of the latency records
 * of the model (by id, and by file where both state its hash).
 */
function speedPoints(records: readonly PageRecord[]): SpeedPoint[] {
  const timed = records.filter(({ kind, latencyMs }) => kind === 'latency' && latencyMs?.total !== undefined);
  const oneBackend = new Set(timed.map(({ backend }) => backend?.id)).size === 1;
  return records.flatMap((record) => {
    if (record.ap === undefined) return [];
    const own = record.latencyMs?.total !== undefined;
    const sources = own ? [record] : timed.filter((other) => isSameModel(record, other));
    return sources.flatMap((source): SpeedPoint[] => {
      const total = source.latencyMs?.total;
      if (total === undefined || total.median <= 0) return [];
      const parameters = record.model?.parameters ?? source.model?.parameters;
      return [
        {
          key: record.key,
          latencyKey: source.key,
          label: own || oneBackend ? record.label : `${record.label} on ${source.backend?.id ?? source.key}`,
          latencyMs: total.median,
          latencyInterval: intervalOfMedian(total),
          ap: record.ap,
          interval: record.interval,
          ...(parameters === undefined ? {} : { parameters }),
        },
      ];
    });
  });
}

function isSameModel({ model: a }: PageRecord, { model: b }: PageRecord): boolean {
  if (a === undefined || b === undefined || a.id !== b.id) return false;
  return a.sha256 === undefined || b.sha256 === undefined || a.sha256 === b.sha256;
}

function mapValues<T, U>(object: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
