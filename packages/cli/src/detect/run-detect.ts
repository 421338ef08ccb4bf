import path from 'node:path';
import { type FailedImage, memoryRun, openRunFolder } from '@retinabench/backends/runs';
import { ProtocolError } from '@retinabench/core';
import { imageNamesDigest, ownName } from '@retinabench/datasets';
import { runId } from '@retinabench/files';
import { type ChoiceFlags, chooseImages } from '../detection/choose-images.js';
import { runDetectionJob } from '../detection/detection-job.js';
import { type ImageSet, planDetection } from '../detection/detection-plan.js';
import { failureNotes } from '../detection/failures.js';
import { fitScales } from '../detection/fixed-sizes.js';
import { type InputFiles, listInputs } from '../detection/list-inputs.js';
import { type MatrixCell, matrixCells, nameCell, outputOfCells, runMatrix } from '../detection/matrix.js';
import { type DetectionFlags, resolveDetector } from '../detection/resolve-detector.js';
import { decideExit, exitCodes } from '../exit.js';
import type { AppliedScoreMap } from '../score-map/applied-score-map.js';
import { loadScoreMap } from '../score-map/load-score-map.js';
import { announceScoreMap, mapDetected } from '../score-map/map-detected.js';
import type { ScoreMapFlags } from '../score-map/score-map-flags.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { type Output, printNote } from '../terminal/output.js';
import { type DenseAsked, type DenseAskedFlags, denseAsked } from './dense-asked.js';
import type { DetectedCell } from './detected-cell.js';
import { type FaceOutput, openFaceOutput } from './face-output.js';
import { pointNamesOf, requireLandmarks } from './landmarks-of.js';
import { outputNames } from './output-names.js';
import { drawCells, openPictureFolders, type PictureFlags } from './picture-flags.js';
import { withStandardInput } from './standard-input.js';
import type { PictureFolders } from './write-pictures.js';

/** The flags of `retinabench detect`. */
export interface DetectFlags
  extends DetectionFlags,
    ChoiceFlags,
    OutputFlags,
    PictureFlags,
    ScoreMapFlags,
    DenseAskedFlags {
  readonly minScore: number;
  readonly coco?: boolean;
  readonly cocoIds?: string;
  readonly csv?: boolean;
  readonly out?: string;
  readonly run?: string;
}

/**
 * Detect on images, print or write the faces, and make the pictures that the flags ask for.
 *
 * @throws {ProtocolError} if flags contradict each other; what the job and the writers throw.
 */
export async function runDetect(inputs: readonly string[], flags: DetectFlags): Promise<void> {
  const output = outputOf(flags);
  const cells = await fitScales(output, matrixCells(flags));
  if (flags.run !== undefined && cells.length > 1) {
    throw new ProtocolError(
      '--run names the folder of one detector; leave it out with lists of models, backends or scales',
    );
  }
  const scoreMap = await loadScoreMap(flags);
  const faces = await openFaceOutput(flags, cells.length);
  const dense = await denseAsked(flags, faces.format, scoreMap !== undefined);
  const folders = openPictureFolders(flags);
  try {
    await withStandardInput(inputs, async (places) => {
      const files = await listInputs(places);
      const job: DetectJob = { output, flags, cells, files, faces, folders, scoreMap, dense };
      if (files.videos.length > 0) await detectVideos(job);
      else await detectFiles(job);
    });
  } finally {
    for (const folder of [folders.draw, folders.crop, folders.align]) folder?.close();
  }
}

/** What is detected on, with what, and where the faces go. */
interface DetectJob {
  readonly output: Output;
  readonly flags: DetectFlags;
  readonly cells: readonly MatrixCell[];
  readonly files: InputFiles;
  readonly faces: FaceOutput;
  readonly folders: PictureFolders;
  readonly scoreMap: AppliedScoreMap | undefined;
  readonly dense: DenseAsked | undefined;
}

async function detectFiles(job: DetectJob): Promise<void> {
  const { output, flags, cells, files, faces, folders } = job;
  const set = imageSetOf(files, flags);
  for (const note of files.notes) printNote(note);
  const unusable = files.unusable.map(
    ({ image, message }): FailedImage => ({ image, kind: 'input', message, exitCode: 2 }),
  );
  for (const note of failureNotes(unusable)) printNote(note);
  const ofCells = { ...job, output: outputOfCells(output, cells) };
  const { outcomes, exitCode } = await runMatrix(output, cells, async (cell) => {
    const done = await detectCell(ofCells, cell, set);
    return { ...done, result: { ...done.result, failed: [...done.result.failed, ...unusable] } };
  });
  const done = outcomes.flatMap((outcome) => ('result' in outcome ? [outcome.result] : []));
  const drawn = await drawCells(output, folders, set.images, done, flags.minScore);
  await faces.write(output, done, flags.minScore, set.images);
  decideExit(Math.max(exitCode, drawn.exitCode, unusable.length > 0 ? exitCodes.invalidInput : exitCodes.pass));
}

async function detectVideos(job: DetectJob): Promise<void> {
  const { output, flags, cells, files, faces, folders, scoreMap, dense } = job;
  const { images, videos } = files;
  if (images.length > 0) {
    throw new ProtocolError(
      `${videos[0]}: expected videos or images, got both; run them separately: a video is done in one go, images are resumed`,
    );
  }
  if (flags.sample !== undefined || flags.shard !== undefined) {
    throw new ProtocolError('--sample and --shard choose among images; of a video, --limit takes the first frames');
  }
  const { detectVideo } = await import('./video/detect-video.js');
  const names = outputNames(videos.map((file) => path.basename(file)));
  if (names.size < videos.length) {
    throw new ProtocolError(`${videos.length} videos: expected each name once, got one twice; run them separately`);
  }
  const found: DetectedCell[][] = [];
  for (const file of videos) {
    const name = names.get(path.basename(file)) ?? path.basename(file);
    found.push(await detectVideo(output, file, { flags, cells, folders, name, scoreMap, dense }));
  }
  const all = found[0].map((cell, index) => ({ ...cell, detected: found.flatMap((video) => video[index].detected) }));
  const frames = all[0].detected.map(({ image }) => ({ image, file: image }));
  await faces.write(output, all, flags.minScore, frames);
}

async function detectCell(
  { output, flags, cells, scoreMap, dense }: DetectJob,
  cell: MatrixCell,
  set: ImageSet,
): Promise<{ result: DetectedCell; exitCode: number }> {
  const cellFlags = { ...flags, ...cell };
  const detector = await resolveDetector(cellFlags, true, dense?.options);
  const plan = planDetection(detector, set);
  const { card } = plan.model;
  announceScoreMap(scoreMap, plan.identity);
  if (flags.align !== undefined) requireLandmarks(card);
  const folder = flags.run ?? path.join('results', 'detect', `${card.id}-${set.name}-${runId(plan.identity)}`);
  const openRun = () =>
    set.images.length === 1 && flags.run === undefined
      ? memoryRun()
      : openRunFolder({ folder, identity: plan.identity, fresh: flags.fresh === true });
  let found: Pick<DetectedCell, 'detected' | 'failed'> = { detected: [], failed: [] };
  const jobFlags = { ...cellFlags, strict: true };
  const exitCode = await runDetectionJob(output, jobFlags, plan, openRun, async ({ detected }) => {
    found = detected;
  });
  const { backend, settings } = plan.identity;
  const name = cells.length > 1 ? nameCell(cell, cells) : '';
  return {
    result: {
      cell,
      name,
      model: card.id,
      backend: backend.id,
      scale: String(settings.scale),
      ...pointNamesOf(card),
      ...(dense && { meshes: dense.meshes }),
      ...found,
      detected: mapDetected(scoreMap, found.detected),
    },
    exitCode,
  };
}

function imageSetOf({ root, images }: InputFiles, flags: ChoiceFlags): ImageSet {
  const chosen = chooseImages(images, ({ image }) => path.posix.dirname(image), flags);
  return {
    name: ownName(root),
    root,
    images: chosen.images,
    namesSha256: imageNamesDigest(images.map(({ image }) => image)),
    notes: chosen.notes,
    mayFail: true,
  };
}
