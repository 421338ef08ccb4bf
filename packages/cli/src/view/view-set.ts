import type { AnnotationFormat, PredictionFormat } from '@retinabench/annotations';
import { ProtocolError } from '@retinabench/core';
import { listWiderImages } from '@retinabench/datasets';
import { loadGroundTruth } from '@retinabench/eval-wider';
import type { SourcedRecord } from '@retinabench/report';
import { splits } from '@retinabench/results';
import { annotatedFiles } from '../annotated/annotated-files.js';
import { imagesFolder } from '../annotated/images-folder.js';
import { type AnyAnnotations, loadAnyAnnotations, loadAnyPredictions } from '../annotated/load-any.js';
import { readingSettings } from '../annotated/reading-flags.js';
import { annotationsForErrors } from '../wider/analyse-wider.js';
import { locateGroundTruth } from '../wider/evaluated-images.js';
import type { BrowsedRun } from './browsed-run.js';
import { commandFlags } from './command-flags.js';
import type { SourceFlags } from './flags.js';
import { matchDetection } from './match-detection.js';
import { matchWider } from './match-wider.js';

/** Annotated images that records are of, and their files. */
export interface ViewSet {
  readonly annotations: AnyAnnotations['annotations'];
  /** Splits that faces may count in, that of the record's headline number first. */
  readonly splits: readonly string[];
  /** The file of each image; undefined where it is not there. */
  readonly files: readonly (string | undefined)[];
  readonly notes: readonly string[];
  /** Match the predictions of one of the records. */
  match(source: SourcedRecord, predictions: string): BrowsedRun;
}

/**
 * The annotations and images that the flags name, else those that the command of the first record names.
 *
 * @param given all flags of the command, those of `addReadingFlags` of both sides among them.
 * @throws {ProtocolError} if the records are not all of WIDER FACE, or all of detection, or nothing names the annotations.
 * @throws {DatasetError}, {EnvironmentError} as the readers of annotations and images.
 */
export async function openViewSet(
  records: readonly SourcedRecord[],
  flags: SourceFlags,
  given: Readonly<Record<string, unknown>>,
): Promise<ViewSet> {
  const [{ record: first, file }] = records;
  for (const { file: other, record } of records) {
    if (record.kind !== 'wider' && record.kind !== 'detection') {
      throw new ProtocolError(
        `${other}: expected a record of kind wider or detection, got ${record.kind}, which has no boxes to show; leave it out`,
      );
    }
    if (record.kind !== first.kind) {
      throw new ProtocolError(
        `${other}: expected a record of kind ${first.kind} as ${file} is, got ${record.kind}; open one kind at a time`,
      );
    }
  }
  const own = commandFlags(first.command);
  const isGiven = flags.data !== undefined || flags.gt !== undefined;
  const data = isGiven ? flags.data : own.get('data');
  const gt = isGiven ? flags.gt : own.get('gt');
  // Under WIDER FACE `--images` names a list of images, which the record has itself.
  const images = flags.images ?? (isGiven || first.kind === 'wider' ? undefined : own.get('images'));
  const places = { gt, data, images: flags.images === undefined ? images : undefined };
  const assumed = isGiven
    ? []
    : Object.entries(places).flatMap(([name, place]) => (place === undefined ? [] : [`--${name} ${place}`]));
  const notes = assumed.length === 0 ? [] : [`${assumed.join(' ')}: as the command of ${file} has it`];
  const set = first.kind === 'wider' ? await widerSet(gt, data) : await detectionSet(file, { gt, data, images }, given);
  return { ...set, notes: [...notes, ...set.notes] };
}

async function widerSet(gt: string | undefined, data: string | undefined): Promise<ViewSet> {
  const source = await locateGroundTruth(gt, data);
  const groundTruth = loadGroundTruth(source.location);
  const listed = source.images ?? (await listWiderImages(source.root).catch(() => []));
  const files = new Map(listed.map(({ event, image, file }) => [`${event}/${image}`, file]));
  return {
    annotations: annotationsForErrors(groundTruth),
    splits,
    files: groundTruth.images.map((name) => files.get(name)),
    notes: source.notes,
    match: ({ record, file }, predictions) => matchWider(groundTruth, record, file, predictions),
  };
}

async function detectionSet(
  place: string,
  { gt, data, images }: Readonly<Record<'gt' | 'data' | 'images', string | undefined>>,
  given: Readonly<Record<string, unknown>>,
): Promise<ViewSet> {
  const location = gt ?? data;
  if (location === undefined) {
    throw new ProtocolError(`${place}: say where its annotations and images lie with --gt PATH and --data DIR`);
  }
  const truth = loadAnyAnnotations(location, readingSettings<AnnotationFormat>(given, 'gt'));
  const { annotations } = truth;
  const root = await imagesFolder(location, images ?? data);
  const found = await annotatedFiles(annotations, root, true);
  const files = new Map(found.images.map(({ image, file }) => [image, file]));
  const reading = readingSettings<PredictionFormat>(given, 'pred');
  return {
    annotations,
    splits: ['all'],
    files: annotations.images.map((name) => files.get(name)),
    notes: [...truth.notes, ...found.notes],
    match: ({ record, file }, predictions) =>
      matchDetection(truth, record, file, loadAnyPredictions(predictions, { ...reading, annotations: truth })),
  };
}
