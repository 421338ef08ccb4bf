import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { decodeImage } from '@retinabench/backends';
import { faceCrop, facePoints68, fitFaceByRounds, projectVertices } from '@retinabench/core';
import { type Command, InvalidArgumentError } from 'commander';
import { addDetectorFlags, type DetectorFlags } from '../detection/flags.js';
import { addOutputFlags, type OutputFlags, outputOf, wholeNumber } from '../terminal/flags.js';
import { interruptible } from '../terminal/interrupt.js';
import { printJson, printNote, printResult } from '../terminal/output.js';
import { requireWritable } from '../terminal/output-file.js';
import { startProgress } from '../terminal/progress.js';
import { loadFaceModel } from './face-model.js';
import { landmarkErrorPx } from './landmark-error.js';
import { locateFace } from './locate-face.js';
import { fitOutput, writeResults } from './write-results.js';

interface FitFlags extends DetectorFlags, OutputFlags {
  readonly image: string;
  readonly box?: readonly number[];
  readonly landmarks?: readonly number[];
  readonly rounds: number;
  readonly outDir: string;
}

/** Register `retinabench fit`. */
export function registerFit(program: Command): void {
  const command = program
    .command('fit')
    .requiredOption('--image <file>', 'photograph')
    .option('--box <x,y,w,h>', 'the face, in pixels (default: the largest face that the detector finds)', numbers(4))
    .option(
      '--landmarks <x,y,...>',
      'ten numbers: left eye, right eye, nose tip, left and right mouth corner, as seen',
      numbers(10),
    )
    .option(
      '--rounds <n>',
      'rounds of gradient descent, two fifths of them at 64 px and the rest at 128 px',
      wholeNumber(5),
      200,
    )
    .option('--out-dir <dir>', 'folder for the results', path.join('results', 'fit'));
  addOutputFlags(addDetectorFlags(command))
    .addHelpText(
      'after',
      `
Writes, by the image's name: the mesh in centimetres with its albedo (.obj), input | render | overlay | wireframe
(-overlay.png), the loss curve (-loss.csv, -loss.png), the 68 points of 300-W on the mesh (.pts), and P_ST, P_cam, P_ill with box, landmarks and losses (.json).
A detector with landmarks (retinaface-mnet025 where it is to be had) gives the start; without one, or without
landmarks, they are guessed from the box, which fits frontal faces only.

Example:
  retinabench fit --image face.jpg --box 60,50,130,170 --out-dir results/fit`,
    )
    .action(runFit);
}

/** Parse the value of a flag that takes `count` numbers. */
function numbers(count: number): (value: string) => readonly number[] {
  return (value) => {
    const list = value.split(',').map((item) => (item.trim() === '' ? Number.NaN : Number(item)));
    if (list.length !== count || !list.every((item) => Number.isFinite(item) && Math.abs(item) <= 1e6)) {
      throw new InvalidArgumentError(`expected ${count} numbers, comma-separated.`);
    }
    return list;
  };
}

async function runFit(flags: FitFlags): Promise<void> {
  const output = outputOf(flags);
  const stem = path.join(flags.outDir, path.parse(flags.image).name);
  await requireWritable(`${stem}.json`, fitOutput);
  const image = await decodeImage(flags.image, flags.image);
  const face = await locateFace(image, flags, flags.image);
  if (face.landmarksFrom === 'box')
    printNote('note: landmarks are guessed from the box; a detector with landmarks, or --landmarks, fits better');
  const model = await loadFaceModel();
  const frame = faceCrop(face.boxXyxy, face.landmarks);
  const coarse = Math.round(flags.rounds * 0.4);
  const schedule = [
    { cropPx: 64, rounds: coarse },
    { cropPx: 128, rounds: flags.rounds - coarse },
  ];
  const progress = startProgress(output, flags.rounds, 'rounds');
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
