import { createHash } from 'node:crypto';
import path from 'node:path';
import {
  byNames,
  diagnoseBins,
  diagnoseLandmarks,
  evaluateLandmarks,
  faceLengths,
  type LandmarkOptions,
  type LandmarkSet,
  pairFaces,
} from '@retinabench/eval-landmarks';
import { recordFile } from '../record/record-file.js';
import type { RecordContent } from '../record/write.js';
import { reportFindings } from '../terminal/report-findings.js';
import { landmarkFolder } from './landmark-folder.js';
import type { MetricFlags } from './metric-flags.js';
import { samePoints } from './same-points.js';

/** What was scored. */
export interface ScoredLandmarks {
  readonly annotated: LandmarkSet;
  readonly predicted: LandmarkSet;
  readonly notes: readonly string[];
}

/** The fields of a record of landmarks. */
export type LandmarkContent = RecordContent & Required<Pick<RecordContent, 'landmarks' | 'dataset'>>;

/**
 * Pair, diagnose and evaluate landmarks: the fields of their record.
 *
 * @throws {DatasetError} if the diagnosis finds an error and `--force` is not given, after all findings are printed.
 */
export function landmarkContent(
  { annotated: allAnnotated, predicted: allPredicted, notes }: ScoredLandmarks,
  options: LandmarkOptions,
  flags: MetricFlags,
): LandmarkContent {
  const named = byNames(allAnnotated, allPredicted);
  const { annotated, predicted, madeOf } = samePoints(named.annotated, named.predicted, flags.points);
  const pairs = pairFaces(annotated, predicted, { pairing: flags.pair, iou: flags.iou });
  const lengths = { of: faceLengths(annotated, options.normaliser), name: options.normaliser };
  const findings = [
    ...diagnoseLandmarks({ annotated, predicted, pairs }, lengths),
    ...diagnoseBins(annotated, options.bins),
  ];
  const warnings = reportFindings(
    findings,
    flags.force === true,
    ({ codes, fix }) =>
      `${predicted.place}: expected landmarks that can be scored, got: ${codes}; fix: ${fix}, or --force to score anyway`,
  );
  const { protocol, result } = evaluateLandmarks(annotated, predicted, pairs, options);
  const said = [...notes, ...named.notes, ...pairs.notes];
  return {
    kind: 'landmarks',
    ...(warnings.length === 0 ? {} : { warnings }),
    dataset: {
      name: path.basename(path.resolve(annotated.place)),
      images: result.images.length,
      sha256: digestOf(annotated),
      ...(said.length === 0 ? {} : { notes: said }),
    },
    protocol: { ...protocol, ...(madeOf === undefined ? {} : { pointsMadeOf: madeOf }) },
    landmarks: result,
  };
}

/** Where a record goes unless the user says, told apart by all that changes it. */
export function landmarkFile(predicted: string, content: RecordContent, flags: MetricFlags): string {
  const stem = path.basename(path.resolve(predicted)).replace(/\.[a-z0-9]+$/i, '');
  return recordFile(landmarkFolder, stem, content, { predicted: path.resolve(predicted), interval: flags.interval });
}

/** Of everything of the annotation that a number can depend on. */
function digestOf(set: LandmarkSet): string {
  const hash = createHash('sha256');
  const bytesOf = (array: ArrayBufferView): Uint8Array =>
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  hash.update(JSON.stringify([set.scheme.id, set.faces, set.images ?? []]));
  for (const array of [set.points, set.imageOf, set.visibility, set.boxesXywh]) {
    hash.update(array === undefined ? '-' : bytesOf(array));
  }
  for (const [name, { values }] of [...set.attributes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(JSON.stringify([name, [...values].map((value) => value ?? '')]));
  }
  return hash.digest('hex');
}
