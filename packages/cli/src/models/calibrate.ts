import { readdir } from 'node:fs/promises';
import path from 'node:path';
import {
  decodeImage,
  FaceDetector,
  loadBackend,
  resizerFor,
  resolveProtocol,
  type Session,
} from '@retinabench/backends';
import { DatasetError, isRetinaBenchError } from '@retinabench/core';
import { exposeValues, type ModelCard, type OnnxModel, type ValueRange, writeOnnx } from '@retinabench/models';
import { type Output, printNote } from '../terminal/output.js';
import { startProgress } from '../terminal/progress.js';

/**
 * Run a detector on images as it will be run in use, and note what its values range over.
 *
 * @param values names of the values to watch.
 * @param folder searched for .jpg, .jpeg and .png at any depth.
 * @param count  images taken, evenly spaced over the sorted folder.
 * @returns the smallest and largest element of each value in an image, each averaged over the images: the extremes of all
 * would let one odd image widen every step.
 * @throws {DatasetError} if the folder holds no image that can be decoded.
 */
export async function calibrate(
  output: Output,
  model: OnnxModel,
  card: ModelCard,
  values: readonly string[],
  folder: string,
  count: number,
): Promise<Map<string, ValueRange>> {
  const files = evenlySpaced(await imagesBelow(folder), count);
  const watched = values.filter((name) => name !== card.input.tensor);
  const backend = await loadBackend('ort-node');
  const session = await backend.createSession(writeOnnx(exposeValues(model, watched)), card.id, { threads: 1 });
  const seen = new Map<string, ValueRange[]>();
  const protocol = resolveProtocol({}, card);
  const detector = new FaceDetector(card, watching(session, seen, values), protocol, resizerFor(protocol.resize));
  const progress = startProgress(output, files.length, 'images');
  let used = 0;
  try {
    for (const [index, file] of files.entries()) {
      try {
        await detector.detect(await decodeImage(file, file));
        used++;
      } catch (error) {
        if (!isRetinaBenchError(error)) throw error;
        printNote(`left out: ${error.message}`);
      }
      progress.update(index + 1);
    }
  } finally {
    progress.stop();
    await session.dispose();
  }
  if (used === 0)
    throw new DatasetError(`${folder}: none of ${files.length} images could be used; name another folder`);
  return new Map([...seen].map(([name, ranges]) => [name, averageRange(ranges)]));
}

/** `session`, but every run notes in `seen` what the named inputs and outputs ranged over. */
function watching(session: Session, seen: Map<string, ValueRange[]>, values: readonly string[]): Session {
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    dispose: () => session.dispose(),
    run: async (feeds) => {
      const outputs = await session.run(feeds);
      for (const name of values) {
        const tensor = feeds[name] ?? outputs[name];
        if (tensor === undefined) continue;
        const ranges = seen.get(name) ?? [];
        ranges.push(rangeOf(tensor.data));
        seen.set(name, ranges);
      }
      return outputs;
    },
  };
}

function rangeOf(data: Float32Array): ValueRange {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of data) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

function averageRange(ranges: readonly ValueRange[]): ValueRange {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { min: mean(ranges.map(({ min }) => min)), max: mean(ranges.map(({ max }) => max)) };
}

async function imagesBelow(folder: string): Promise<string[]> {
  let entries: string[];
  try {
    entries = await readdir(folder, { recursive: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new DatasetError(`${folder}: expected a folder of images, got ${code ?? 'an error'}; check --calibration`, {
      cause,
    });
  }
  const images = entries.filter((name) => /\.(jpe?g|png)$/i.test(name)).sort();
  if (images.length === 0)
    throw new DatasetError(`${folder}: expected .jpg or .png images, found none; check --calibration`);
  return images.map((name) => path.join(folder, name));
}

function evenlySpaced(files: readonly string[], count: number): string[] {
  const taken = Math.min(count, files.length);
  return Array.from({ length: taken }, (_, index) => files[Math.floor((index * files.length) / taken)] as string);
}
