import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { decodeImage, loadDetector, type RgbImage } from '@retinabench/backends';
import { type FitStart, fitFace, resizeBilinear, splitDense } from '@retinabench/core';
import { replaceFile } from '@retinabench/files';
import { defaultModelId, readTrainedHead, withDenseHead } from '@retinabench/models';
import { resolveModel } from '@retinabench/models/node';
import { type FaceMeasure, FaceMeter, type MeasuredFace, poseOf } from './face-measures.js';
import { loadFaceModel } from './face-model.js';
import { measureTable } from './measure-table.js';
import type { MeasuredRow, Way } from './measured-row.js';
import { sourcesOf } from './sources.js';

const { values: flags } = parseArgs({
  options: {
    shared: { type: 'string', default: process.env.RETINABENCH_SHARED ?? '../shared' },
    model: { type: 'string', default: defaultModelId },
    head: { type: 'string' },
    out: { type: 'string', default: 'results/train-dense/measures.json' },
    lfw: { type: 'string', default: '278' },
    quarter: { type: 'string', default: '120' },
    fits: { type: 'string', default: '40' },
    seed: { type: 'string', default: '22' },
  },
});

// Before minutes of work, not after them.
mkdirSync(path.dirname(flags.out), { recursive: true });
const seed = Number(flags.seed);
const base = await resolveModel(flags.model);
const headFile = flags.head ?? `packages/models/data/dense-head-${flags.model}.safetensors`;
const head = readTrainedHead(readFileSync(headFile), headFile);
const dense = withDenseHead({ onnx: base.bytes, card: base.card }, head);
const loaded = await loadDetector(
  { ...base, bytes: dense.onnx, card: dense.card },
  'ort-node',
  { scoreFloor: 0.7 },
  { threads: 1 },
);
const model = loadFaceModel();
const meter = new FaceMeter(model);
const rows: MeasuredRow[] = [];
for (const part of ['lfw', 'quarter'] as const) {
  const sources = sourcesOf(part, flags.shared, seed).slice(0, Number(flags[part]));
  let fits = Number(flags.fits);
  for (const { file, scale } of sources) {
    const original = await decodeImage(file, file);
    const image = scale === 1 ? original : resized(original, Math.min(scale, 4));
    const { count, boxesXyxy, landmarks, dense: numbers } = await loaded.detector.detect(image);
    if (landmarks === undefined || numbers === undefined) throw new Error('a dense head without landmarks');
    // Of a crowd the first eight, of a portrait the first.
    let taken = 0;
    for (let face = 0; face < count && taken < (part === 'lfw' ? 1 : 8); face++) {
      const [x1, y1, x2, y2] = boxesXyxy.subarray(face * 4, face * 4 + 4);
      if (y2 - y1 < 32) continue;
      taken++;
      const [left, top, right, bottom] = numbers.squaresXyxy.subarray(face * 4, face * 4 + 4);
      const measured: MeasuredFace = {
        frame: {
          centreX: (left + right) / 2,
          centreY: (top + bottom) / 2,
          sidePx: bottom - top,
          roll: numbers.rolls[face],
        },
        landmarks: landmarks.subarray(face * 10, face * 10 + 10),
        sizePx: Math.sqrt((x2 - x1) * (y2 - y1)),
      };
      const start = splitDense(numbers.parameters.subarray(face * 144, (face + 1) * 144));
      const about = { part, file: path.relative(flags.shared, file), heightPx: y2 - y1 };
      rows.push(measureFace(about, image, measured, start, fits-- > 0));
    }
    process.stderr.write(`\r${part}: ${rows.length} faces `);
  }
}
await loaded.dispose();
replaceFile(flags.out, `${JSON.stringify(rows, undefined, 1)}\n`);
console.log(`\n${measureTable(rows)}`);

function measureFace(
  about: Pick<MeasuredRow, 'part' | 'file' | 'heightPx'>,
  image: RgbImage,
  face: MeasuredFace,
  start: FitStart,
  withFits: boolean,
): MeasuredRow {
  const camera = meter.bestCamera(face);
  const measures: Partial<Record<Way, FaceMeasure>> = { camera: meter.measure(image, face, camera) };
  const similarity = meter.bestSimilarity(image, face);
  if (similarity) measures.similarity = similarity;
  const totals: Partial<Record<Way, number>> = {};
  const pose = { head: poseOf(start.camera), landmarks: poseOf(camera.camera) };
  try {
    measures.head = meter.measure(image, face, start);
    if (withFits) {
      for (const [way, rounds, from] of [
        ['cold40', 40, undefined],
        ['cold200', 200, undefined],
        ['head40', 40, start],
      ] as const) {
        const coarse = rounds * 0.4;
        const schedule = [
          { cropPx: 64, rounds: coarse },
          { cropPx: 128, rounds: rounds - coarse },
        ];
        const fit = fitFace(model, image, face.frame, face.landmarks, { schedule, ...(from && { start: from }) });
        totals[way] = fit.rounds[fit.rounds.length - 1].total;
        measures[way] = meter.measure(image, face, fit);
      }
    }
  } catch (error) {
    return { ...about, measures, totals, pose, lost: (error as Error).message };
  }
  return { ...about, measures, totals, pose };
}

function resized(image: RgbImage, scale: number): RgbImage {
  const [widthPx, heightPx] = [Math.round(image.widthPx * scale), Math.round(image.heightPx * scale)];
  const geometry = { sourceWidthPx: image.widthPx, sourceHeightPx: image.heightPx, widthPx, heightPx };
  return { widthPx, heightPx, data: resizeBilinear(image.data, geometry, new Uint8Array(widthPx * heightPx * 3)) };
}
