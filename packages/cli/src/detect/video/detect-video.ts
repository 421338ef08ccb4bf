import path from 'node:path';
import { loadDetector } from '@retinabench/backends';
import { toDetectedImage } from '@retinabench/backends/runs';
import { sessionLimit } from '../../detection/flags.js';
import { type MatrixCell, nameCell } from '../../detection/matrix.js';
import { type DetectionFlags, resolveDetector } from '../../detection/resolve-detector.js';
import type { AppliedScoreMap } from '../../score-map/applied-score-map.js';
import { announceScoreMap, mapDetected } from '../../score-map/map-detected.js';
import { interruptible } from '../../terminal/interrupt.js';
import { type Output, printNote } from '../../terminal/output.js';
import { type Progress, startProgress } from '../../terminal/progress.js';
import type { DenseAsked } from '../dense-asked.js';
import type { DetectedCell, DetectedFrame } from '../detected-cell.js';
import { detectorFolders } from '../detector-folders.js';
import { facesOf } from '../face.js';
import { pointNamesOf, requireLandmarks } from '../landmarks-of.js';
import { drawFaces, type FoundFaces, type PictureFolders, writeCrops } from '../write-pictures.js';
import { findFfmpeg } from './ffmpeg.js';
import { readFrames } from './read-frames.js';
import { type VideoWriter, writeVideo } from './write-video.js';

/** Frames a second of a drawn video where the header states none. */
const usualFramesPerSecond = 25;

/** What a video is detected with. */
export interface VideoOptions {
  readonly flags: DetectionFlags & { readonly limit?: number; readonly minScore: number };
  readonly cells: readonly MatrixCell[];
  readonly folders: PictureFolders;
  /** Below the folders, without extension. */
  readonly name: string;
  /** Put over the scores. */
  readonly scoreMap?: AppliedScoreMap | undefined;
  /** Meshes of the faces; absent: none. */
  readonly dense?: DenseAsked | undefined;
}

/**
 * Detect on every frame of a video with every detector, and write the drawn video and the crops that the folders ask for. A frame
 * is named `<file>#<index>`.
 *
 * @returns a cell for each detector.
 * @throws {EnvironmentError} if there is no ffmpeg; {DatasetError} if it cannot read the video; what the detectors throw.
 */
export async function detectVideo(output: Output, file: string, options: VideoOptions): Promise<DetectedCell[]> {
  const { flags, cells, folders, name, scoreMap, dense } = options;
  const meshes = dense && { meshes: dense.meshes };
  const ffmpeg = findFfmpeg(file);
  const detectors = await Promise.all(
    cells.map(async (cell) => {
      const { model, asked, identity } = await resolveDetector({ ...flags, ...cell }, true, dense?.options);
      announceScoreMap(scoreMap, identity);
      if (folders.align !== undefined) requireLandmarks(model.card);
      const threads = Math.max(flags.threads, flags.workers);
      const loaded = await loadDetector(model, cell.backend, asked, { threads, ...sessionLimit(flags) });
      return { cell, model, identity, ...loaded, found: [] as DetectedFrame[] };
    }),
  );
  const place = path.basename(file);
  const ofDetectors = detectorFolders(cells.map((cell) => nameCell(cell, cells)));
  let writer: VideoWriter | undefined;
  try {
    await interruptible(
      () =>
        'a video is not resumed, as its frames are read from the first on: crops written so far remain, the drawn video and the list of faces are not written; run the same command again',
      async (signal) => {
        const { frames, framesPerSecond, expectedFrames } = readFrames(ffmpeg, file, flags.limit, signal);
        let progress: Progress | undefined;
        for await (const { index, timeS, image } of frames) {
          const frame = `${place}#${String(index).padStart(6, '0')}`;
          const faces: FoundFaces[] = [];
          for (const [at, { detector, model, identity, cell, found }] of detectors.entries()) {
            const startedMs = performance.now();
            const detections = await detector.detect(image);
            const own = toDetectedImage(frame, image.widthPx, image.heightPx, detections, 'none', identity);
            const detected = {
              ...mapDetected(scoreMap, [own])[0],
              detectedAt: new Date().toISOString(),
              detectMs: performance.now() - startedMs,
            };
            found.push({ ...detected, frame: index, ...(timeS === undefined ? {} : { timeS }) });
            const title = cells.length > 1 ? nameCell(cell, cells) : model.card.id;
            const folder = cells.length > 1 ? { folder: ofDetectors[at] } : {};
            faces.push({ title, ...folder, faces: facesOf(detected, flags.minScore), ...meshes });
          }
          if (folders.draw !== undefined) {
            const drawn = await drawFaces(image, faces);
            writer ??= writeVideo(ffmpeg, drawn, framesPerSecond() ?? usualFramesPerSecond, file);
            await writer.add(drawn);
          }
          await writeCrops(image, `${name}-${String(index).padStart(6, '0')}`, faces, folders);
          progress ??= startProgress(output, expectedFrames() ?? 0, 'frames');
          progress.update(index + 1);
        }
        progress?.stop();
      },
    );
    if (writer !== undefined) await folders.draw?.write(`${name}.mp4`, await writer.finish());
  } finally {
    writer?.discard();
    for (const { dispose } of detectors) await dispose();
  }
  if (!output.quiet) printNote(`${file}: ${detectors[0].found.length} frames`);
  return detectors.map(({ cell, model, identity, found }) => ({
    cell,
    name: cells.length > 1 ? nameCell(cell, cells) : '',
    model: model.card.id,
    ...pointNamesOf(model.card),
    ...meshes,
    backend: identity.backend.id,
    scale: String(identity.settings.scale),
    detected: found,
    failed: [],
  }));
}
