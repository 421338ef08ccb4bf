import path from 'node:path';
import type { Annotations } from '@retinabench/annotations';
import { ProtocolError } from '@retinabench/core';
import {
  annotationsDigest,
  classifyDetections,
  countedScores,
  type DetectedBoxes,
  dealImages,
  evaluateDetection,
  type FaceSettings,
  type FittedMap,
  fitScoreMap,
  imageMarks,
  judgeDetections,
  restrictAnnotations,
  type ScoreMapFile,
  scoreMapOf,
  usualTideSettings,
} from '@retinabench/eval-detection';
import type { WiderPredictions } from '@retinabench/eval-wider';
import { resolveModel } from '@retinabench/models/node';
import { type ProtocolSettings, protocolId } from '@retinabench/results';
import type { Command } from 'commander';
import { checkAnnotated } from '../annotated/check-annotated.js';
import { faceSettings } from '../annotated/face-flags.js';
import { printRecognised } from '../annotated/print-recognised.js';
import { readScored, type ScoredPredictions } from '../annotated/read-scored.js';
import { describeEnvironment } from '../record/environment.js';
import { sha256 } from '../record/sha256.js';
import { detectorSettings } from '../score-map/applied-score-map.js';
import { commandLine } from '../terminal/command-line.js';
import { outputOf } from '../terminal/flags.js';
import { printJson, printNote, printResult } from '../terminal/output.js';
import { type OutputKind, requireWritable, writeOutput } from '../terminal/output-file.js';
import { predictionNotes } from '../wider/apply-prediction-flags.js';
import { formatScoreMap } from './calibration-table.js';
import type { CalibrateFlags } from './command.js';

const mapFolder = path.join('results', 'score-maps');

const mapOutput: OutputKind = { what: 'the score map', flag: '--out FILE', begins: /^\uFEFF?\s*\{\s*"scoreMap"/ };

/**
 * Fit a map of scores on some annotated images, measure it on the others, and write it.
 *
 * @param command whose flags of reading are taken.
 * @throws {ProtocolError}, {DatasetError} as readScored, checkAnnotated and fitScoreMap.
 */
export async function runCalibrate(flags: CalibrateFlags, command: Command): Promise<void> {
  const { gt, pred, kind, share, seed, iou } = flags;
  if (gt === undefined || pred === undefined) {
    throw new ProtocolError('calibrate needs --gt PATH and --pred PATH; retinabench calibrate --help has examples');
  }
  const output = outputOf(flags);
  const stem = path.basename(path.resolve(pred)).replace(/\.[A-Za-z0-9]+$/, '') || 'predictions';
  const file = flags.out ?? path.join(mapFolder, `${stem}-${kind}.json`);
  await requireWritable(file, mapOutput);
  const read = await readScored(gt, pred, flags, command.opts<Record<string, unknown>>());
  printRecognised(output, read.recognised);
  for (const warning of read.warnings) printNote(`warning: ${warning}`);
  const { annotations, predictions } = read;
  const faces = faceSettings(flags);
  const { detected } = checkAnnotated(
    { annotations, predictions, origin: 'files', name: pred, annotated: gt, force: flags.force === true },
    faces,
  );
  const tide = { ...usualTideSettings, foreground: iou };
  const judged = judgeDetections(classifyDetections(annotations, detected, faces, tide));
  const isFitted = dealImages(annotations.images, share, seed);
  const fitted = fitScoreMap(countedScores(judged), isFitted, { kind, binning: flags.binning, bins: flags.bins });
  const settings: ProtocolSettings = {
    evaluation: 'score-map',
    kind,
    'fit.share': share,
    'fit.seed': seed,
    'calibration.matching': `coco ${iou}`,
    'calibration.bins': flags.bins,
    'calibration.binning': flags.binning,
    'faces.crowd': faces.crowd,
    'faces.ignored': faces.ignored,
    'faces.difficult': faces.difficult,
    'faces.minSizePx': faces.minSizePx,
    'faces.withoutArea': faces.facesWithoutArea,
  };
  const marks = imageMarks(annotations, sha256);
  const content: ScoreMapFile = {
    scoreMap: 1,
    createdAt: new Date().toISOString(),
    command: commandLine(process.argv.slice(2)),
    ...fitted,
    ap50: apOfHeldOut(annotations, detected, faces, isFitted, fitted.map),
    protocol: { id: protocolId(settings), ...settings },
    ...(await whoseScores(flags, read)),
    source: {
      predictions: { name: path.basename(path.resolve(pred)), sha256: predictionsDigest(predictions) },
      annotations: { name: path.basename(path.resolve(gt)), sha256: annotationsDigest(annotations, sha256) },
    },
    fittedOn: marks.filter((_, image) => isFitted[image] === 1),
    environment: environment(),
  };
  await writeOutput(file, `${JSON.stringify(content)}\n`, mapOutput);
  printJson(output, content);
  printResult(output, [formatScoreMap(content), ...predictionNotes(flags)].join('\n'));
  if (!output.quiet) printNote(`score map: ${file}; apply it with --score-map ${file}`);
}

/** The model that the flags name, or that of the run. */
async function whoseScores(
  { model }: CalibrateFlags,
  { identity }: ScoredPredictions,
): Promise<Pick<ScoreMapFile, 'model' | 'detector'>> {
  if (identity === undefined) {
    if (model === undefined) return {};
    const { card } = await resolveModel(model);
    return { model: { id: card.id, sha256: card.sha256 } };
  }
  const { id, sha256: digest } = identity.model;
  if (model !== undefined && (await resolveModel(model)).card.sha256 !== digest) {
    throw new ProtocolError(`--model: expected ${id}, whose run the predictions are, got ${model}; leave it out`);
  }
  return { model: { id, sha256: digest }, detector: detectorSettings(identity) };
}

/** AP at IoU 0.5 of the images that the map was not fitted on, without and with it. */
function apOfHeldOut(
  annotations: Annotations,
  { ranges, boxesXywh, scores }: DetectedBoxes,
  faces: FaceSettings,
  isFitted: Uint8Array,
  map: FittedMap,
): ScoreMapFile['ap50'] {
  const isHeldOut = isFitted.map((mark) => 1 - mark);
  const held = restrictAnnotations(annotations, isHeldOut);
  const heldRanges = {
    first: ranges.first.filter((_, image) => isHeldOut[image] === 1),
    end: ranges.end.filter((_, image) => isHeldOut[image] === 1),
  };
  const settings = { faces, metrics: ['coco'], maxDets: [100], iou: 0.5, atScore: 0.5 } as const;
  const apOf = (own: Float64Array): number =>
    evaluateDetection(held, { ranges: heldRanges, boxesXywh, scores: own }, settings, { interval: false, by: [] })
      .detection.values['uncapped.ap50'] ?? 0;
  return { before: apOf(scores), after: apOf(scores.map(scoreMapOf(map))) };
}

function predictionsDigest({ images, start, boxesXywh, scores }: WiderPredictions): string {
  const parts = [Buffer.from(JSON.stringify([images, [...start]])), bytesOf(boxesXywh), bytesOf(scores)];
  return sha256(Buffer.concat(parts));
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function environment(): ScoreMapFile['environment'] {
  const { cpu, cores, os, node } = describeEnvironment();
  return { cpu, cores, os, node };
}
