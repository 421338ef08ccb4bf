import { ProtocolError } from '@retinabench/core';
import type { DetectionResult, ResultRecord } from '@retinabench/results';
import type { BaselineEntry } from '../baseline/history.js';
import { compareRecords } from '../compare/compare-records.js';
import { controlMarks } from '../compare/control-marks.js';
import { buildDecisionTables } from '../decision/build-decision-tables.js';
import type { DecisionRow, DecisionTable } from '../decision/decision-table.js';
import { nameOf } from '../decision/decision-words.js';
import { isOwn } from '../decision/timed.js';
import type { PairedDifference } from '../difference/difference-interval.js';
import { modelKey } from '../gate/detector.js';
import { comparePublished, nearestPublished, type PublishedRow } from '../published/compare-published.js';
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
  /** Indices of the chosen baselines in `records`, one a kind; of other kinds, the record of the same model and backend, else the first. */
  readonly baselines: readonly number[];
  readonly gallery?: readonly GalleryImage[];
  readonly galleryNotes?: readonly string[];
  readonly history?: readonly BaselineEntry[];
  /** The APs that were published for the model of each record, in the order of `records`. */
  readonly published?: readonly (readonly PublishedRow[])[];
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
  const { records, baselines } = input;
  if (records.length === 0) throw new ProtocolError('a page needs at least one record, got none; name record files');
  const labels = recordLabels(records);
  const references = records.map(({ record }) => baselineOf(records, baselines, record));
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
      ...publishedOf(record, input.published?.[index]),
      compared: compared[index],
    };
  });
  const decisions = buildDecisionTables(
    records.map(({ record }, index) => ({
      key: keyOf(index),
      name: labels[index],
      record,
      isBaseline: baselines.includes(index),
    })),
    input.pairedApDifference,
  );
  return {
    title: input.title,
    createdAt: input.createdAt,
    command: input.command,
    records: pageRecords,
    decisions,
    speed: speedPoints(pageRecords, decisions),
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

function publishedOf(record: ResultRecord, rows: readonly PublishedRow[] = []): Pick<PageRecord, 'published'> {
  const told = nearestPublished(comparePublished(record, rows));
  return told.length === 0 ? {} : { published: told.map(({ text }) => text) };
}

function keyOf(index: number): string {
  return `R${index + 1}`;
}

/**
 * The chosen baseline of the kind; where none is chosen, the record of the model and backend of a chosen one of another kind;
 * else the first.
 */
function baselineOf(records: readonly SourcedRecord[], chosen: readonly number[], { kind }: ResultRecord): number {
  const own = chosen.find((index) => records[index]?.record.kind === kind);
  if (own !== undefined) return own;
  const alike = records.findIndex(
    ({ record }) => record.kind === kind && chosen.some((index) => isSameDetector(records[index]?.record, record)),
  );
  return alike >= 0 ? alike : records.findIndex(({ record }) => record.kind === kind);
}

function isSameDetector(a: ResultRecord | undefined, b: ResultRecord): boolean {
  return a !== undefined && modelKey(b) !== undefined && modelKey(a) === modelKey(b) && a.backend?.id === b.backend?.id;
}

/**
 * Every AP beside every time of the same model on the same backend: the rows of the tables of detectors that have both, a
 * point for each condition of the times. Times that runs took of themselves, each under the load of its hour, are drawn only in a table
 * without times of bench.
 */
function speedPoints(records: readonly PageRecord[], tables: readonly DecisionTable[]): SpeedPoint[] {
  return tables.flatMap(({ rows, latency: timed, title }) => {
    const isEvaluated = ({ key }: DecisionRow): boolean =>
      records.some((record) => record.key === key && record.ap !== undefined);
    const benches = timed.filter(
      ({ id }) => !isOwn(id) && rows.some((row) => row.latency[id] !== undefined && isEvaluated(row)),
    );
    const latency = benches.length > 0 ? benches : timed;
    return rows.flatMap((row) => {
      const record = records.find(({ key }) => key === row.key);
      if (record?.ap === undefined) return [];
      return latency.flatMap(({ id, heading }): SpeedPoint[] => {
        const cell = row.latency[id];
        if (cell === undefined) return [];
        const of = [latency.length > 1 ? heading : '', tables.length > 1 ? title : ''].filter((part) => part !== '');
        return [
          {
            key: record.key,
            latencyKey: cell.key,
            label: [nameOf(row), ...of].join(', '),
            latencyMs: cell.medianMs,
            latencyInterval: cell.interval,
            ap: record.ap,
            interval: record.interval,
            ...(record.model?.parameters === undefined ? {} : { parameters: record.model.parameters }),
          },
        ];
      });
    });
  });
}

function mapValues<T, U>(object: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
