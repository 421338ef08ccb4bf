import { type CropFrame, type FaceFit, type FaceModel, type RgbPixels, writeObj } from '@retinabench/core';
import { writeOutput } from '../terminal/output-file.js';
import { lossCsv, lossSvg } from './loss-curve.js';
import { fitPanels } from './panels.js';

/** The files of a fit. */
export const fitOutput = { what: 'the results', flag: '--out-dir DIR' };

/** What a fit leaves behind. */
export interface FitResults {
  readonly model: FaceModel;
  readonly image: RgbPixels;
  readonly frame: CropFrame;
  readonly fit: FaceFit;
  /** Float64Array [68, 2]: pixels of the image. */
  readonly points68: Float64Array;
  /** Written as JSON. */
  readonly summary: unknown;
}

/**
 * Write the files of a fit, each atomically.
 *
 * @param stem path without extension; its folder is made.
 * @throws {EnvironmentError} if one cannot be written.
 */
export async function writeResults(
  stem: string,
  { model, image, frame, fit, points68, summary }: FitResults,
): Promise<void> {
  const { default: sharp } = await import('sharp');
  const panels = fitPanels(model, image, frame, fit);
  const raw = { width: panels.widthPx, height: panels.heightPx, channels: 3 as const };
  const files: Readonly<Record<string, string | Buffer>> = {
    '.obj': fittedObj(model, fit.latent),
    '-overlay.png': await sharp(panels.data, { raw }).png().toBuffer(),
    '-loss.csv': lossCsv(fit.rounds),
    '-loss.png': await sharp(Buffer.from(lossSvg(fit.rounds)))
      .png()
      .toBuffer(),
    '.pts': ptsOf(points68),
    '.json': `${JSON.stringify(summary, undefined, 2)}\n`,
  };
  for (const [extension, content] of Object.entries(files)) {
    await writeOutput(`${stem}${extension}`, content, fitOutput);
  }
}

/** As 300-W writes points: counted from 1. */
function ptsOf(points: Float64Array): string {
  const lines = Array.from({ length: points.length / 2 }, (_, point) =>
    [points[point * 2], points[point * 2 + 1]].map((value) => (value + 1).toFixed(3)).join(' '),
  );
  return `version: 1\nn_points: ${lines.length}\n{\n${lines.join('\n')}\n}\n`;
}

/** The fitted mesh in its own frame, centimetres, with the albedo as vertex colours. */
export function fittedObj({ decoder, triangles }: FaceModel, latent: Float32Array): string {
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
