import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { decodeImage, type RgbImage } from '@retinabench/backends';
import { loadFaceModel } from '@retinabench/backends/runs';
import {
  DatasetError,
  faceCrop,
  facePoints68,
  fitFaceByRounds,
  ProtocolError,
  projectVertices,
} from '@retinabench/core';
import type { DenseHeadFlags } from '../dense/dense-flags.js';
import type { DetectorFlags } from '../detection/flags.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { interruptible } from '../terminal/interrupt.js';
import { type Output, printJson, printNote, printResult } from '../terminal/output.js';
import { requireWritable } from '../terminal/output-file.js';
import { startProgress } from '../terminal/progress.js';
import { renderTable } from '../terminal/table.js';
import { headFaces } from './head-faces.js';
import { headMeshes, meshSummary } from './head-meshes.js';
import { landmarkErrorPx } from './landmark-error.js';
import { locateFace } from './locate-face.js';
import { meshColumns, meshRow, writeMeshes } from './write-meshes.js';
import { fitOutput, writeResults } from './write-results.js';

interface FitFlags extends DetectorFlags, DenseHeadFlags, OutputFlags {
  readonly image: string;
  readonly box?: readonly number[];
  readonly landmarks?: readonly number[];
  readonly rounds?: number;
  readonly fromHead?: boolean;
  readonly outDir: string;
}

/** The action of `retinabench fit`. */
export async function runFit(flags: FitFlags): Promise<void> {
  const output = outputOf(flags);
  if (flags.fromHead && flags.landmarks) {
    throw new ProtocolError(
      '--landmarks: expected none beside --from-head, whose head stands on the landmarks of its own network; leave one out',
    );
  }
  if (!flags.fromHead && (flags.denseHead !== undefined || flags.forceDenseHead)) {
    throw new ProtocolError('--dense-head: expected --from-head beside it, got none; add it, or leave the head out');
  }
  if (!flags.fromHead && (flags.rounds ?? 200) < 5) {
    throw new ProtocolError(`--rounds: expected at least 5 without --from-head, got ${flags.rounds}; give more`);
  }
  const stem = path.join(flags.outDir, path.parse(flags.image).name);
  await requireWritable(`${stem}.json`, fitOutput);
  const image = await decodeImage(flags.image, flags.image);
  if (flags.fromHead) await runFromHead(image, flags, stem, output);
  else await runColdFit(image, flags, stem, output);
}

/** The mesh of every face, from the dense head. */
async function runFromHead(image: RgbImage, flags: FitFlags, stem: string, output: Output): Promise<void> {
  const { modelId, faces } = await headFaces(image, flags);
  if (faces.length === 0) {
    throw new DatasetError(
      `${flags.image}: expected a face${flags.box ? ' in --box' : ''}, but ${modelId} found none with a score of 0.5 or more; fit it without --from-head, with --box x,y,w,h`,
    );
  }
  const model = await loadFaceModel();
  const { rounds = 0 } = flags;
  const startedMs = performance.now();
  const meshes = await interruptible(
    () => 'nothing was written',
    (signal) => headMeshes(model, image, faces, rounds, output, signal),
  );
  const fitMs = performance.now() - startedMs;
  const summary = { image: flags.image, model: modelId, rounds, fitMs, faces: meshes.map(meshSummary) };
  await writeMeshes(stem, model, image, meshes, summary);
  printJson(output, summary);
  printResult(
    output,
    [
      renderTable(meshColumns, meshes.map(meshRow)),
      `results: ${stem}-shape.png, -render.png, -1.obj${meshes.length > 1 ? ` to -${meshes.length}.obj` : ''}, .json`,
    ].join('\n'),
  );
}

/** One face, from the mean face on. */
async function runColdFit(image: RgbImage, flags: FitFlags, stem: string, output: Output): Promise<void> {
  const { rounds: count = 200 } = flags;
  const face = await locateFace(image, flags, flags.image);
  if (face.landmarksFrom === 'box')
    printNote('note: landmarks are guessed from the box; a detector with landmarks, or --landmarks, fits better');
  const model = await loadFaceModel();
  const frame = faceCrop(face.boxXyxy, face.landmarks);
  const coarse = Math.round(count * 0.4);
  const schedule = [
    { cropPx: 64, rounds: coarse },
    { cropPx: 128, rounds: count - coarse },
  ];
  const progress = startProgress(output, count, 'rounds');
  const startedMs = performance.now();
  const fit = await interruptible(
    () => 'nothing was written',
    async (signal) => {
      const rounds = fitFaceByRounds(model, image, frame, face.landmarks, { schedule });
      for (let done = 1; ; done++) {
        const next = rounds.next();
        if (next.done) return next.value;
        progress.update(done);
        await setImmediate();
        signal.throwIfAborted();
      }
    },
  ).finally(() => progress.stop());
  const fitMs = performance.now() - startedMs;
  const last = fit.rounds[fit.rounds.length - 1];
  const points68 = projectVertices(model, fit, frame, facePoints68);
  const summary = {
    image: flags.image,
    ...face,
    frame,
    rounds: fit.rounds.length,
    loss: { first: fit.rounds[0], last },
    landmarkErrorPx: landmarkErrorPx(model, fit, frame, face.landmarks),
    points68: Array.from(points68, (value) => Number(value.toFixed(3))),
    fitMs,
    parameters: {
      shapeAndTexture: Array.from(fit.latent),
      camera: Array.from(fit.camera),
      illumination: Array.from(fit.illumination),
    },
  };
  await writeResults(stem, { model, image, frame, fit, points68, summary });
  printJson(output, summary);
  printResult(
    output,
    [
      `loss:      ${fit.rounds[0].total.toFixed(3)} to ${last.total.toFixed(3)} in ${fit.rounds.length} rounds, ${(fitMs / 1000).toFixed(1)} s`,
      `landmarks: ${summary.landmarkErrorPx.toFixed(1)} px off on average (${face.landmarksFrom})`,
      `results:   ${stem}.obj, -overlay.png, -loss.csv, -loss.png, .pts, .json`,
    ].join('\n'),
  );
}
