import path from 'node:path';
import {
  type CropFrame,
  EnvironmentError,
  type FaceFit,
  type FaceModel,
  type RgbPixels,
  writeObj,
} from '@retinabench/core';
import { makeFolder } from '@retinabench/datasets';
import sharp from 'sharp';
import writeFileAtomic from 'write-file-atomic';
import { lossCsv, lossSvg } from './loss-curve.js';
import { fitPanels } from './panels.js';

/** What a fit leaves behind. */
export interface FitResults {
  readonly model: FaceModel;
  readonly image: RgbPixels;
  readonly frame: CropFrame;
  readonly fit: FaceFit;
  /** Written as JSON. */
  readonly summary: unknown;
}

/**
 * Write the files of a fit, each atomically.
 *
 * @param stem path without extension; its folder is made.
 * @throws {EnvironmentError} if one cannot be written.
 */
export async function writeResults(stem: string, { model, image, frame, fit, summary }: FitResults): Promise<void> {
  const panels = fitPanels(model, image, frame, fit);
  const raw = { width: panels.widthPx, height: panels.heightPx, channels: 3 as const };
  const files: Readonly<Record<string, string | Buffer>> = {
    '.obj': fittedObj(model, fit),
    '-overlay.png': await sharp(panels.data, { raw }).png().toBuffer(),
    '-loss.csv': lossCsv(fit.rounds),
    '-loss.png': await sharp(Buffer.from(lossSvg(fit.rounds)))
      .png()
      .toBuffer(),
    '.json': `${JSON.stringify(summary, undefined, 2)}\n`,
  };
  try {
    await makeFolder(path.dirname(stem));
    for (const [extension, content] of Object.entries(files)) await writeFileAtomic(`${stem}${extension}`, content);
  } catch (cause) {
    throw new EnvironmentError(
      `${stem}: cannot write the results (${(cause as Error).message}); choose another place with --out-dir DIR`,
      { cause },
    );
  }
}

/** The fitted mesh in its own frame, centimetres, with the albedo as vertex colours. */
function fittedObj({ decoder, triangles }: FaceModel, { latent }: FaceFit): string {
  const vertices = decoder.decode(latent);
  const positions = new Float32Array(decoder.vertexCount * 3);
  const colours = new Float32Array(decoder.vertexCount * 3);
  for (let vertex = 0; vertex < decoder.vertexCount; vertex++) {
    positions.set(vertices.subarray(vertex * 6, vertex * 6 + 3), vertex * 3);
    colours.set(vertices.subarray(vertex * 6 + 3, vertex * 6 + 6), vertex * 3);
  }
  return writeObj({ positions, triangles, colours }, [
    'fitted by retinabench fit; centimetres, vertex colours are albedo',
    'mesh derived from ICT-FaceKit, MIT, Copyright (c) 2020 USC Institute for Creative Technologies',
  ]);
}
