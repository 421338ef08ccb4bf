import { DatasetError, ProtocolError, ShapeError } from '@retinabench/core';
import { createTemplateAccumulator } from './accumulate.js';
import type { FeatureSource } from './features.js';
import { combineImageFeature } from './image-feature.js';
import type { TemplateIndex } from './index-templates.js';
import type { PoolingOptions } from './options.js';
import type { Templates } from './templates.js';

/** What is pooled; everything is in the order of the images. */
export interface PoolingInput {
  readonly index: TemplateIndex;
  readonly features: FeatureSource;
  /** Features of the mirrored images; needed unless `flip` is `none`. */
  readonly flipped?: FeatureSource;
  /** Float32Array [images]: detector scores; needed for `detectorScore: 'use'`. */
  readonly scores?: Float32Array;
  /** Names of the images, for messages. */
  readonly names?: readonly string[];
  /** Called now and then with the number of images done. */
  readonly onImages?: (images: number) => void;
}

/** Bytes of features read at a time. */
const blockBytes = 1 << 22;

/**
 * Pool image features into template features: combineImageFeature on every image, then createTemplateAccumulator.
 *
 * @returns one row per template, in ascending template id.
 * @throws {ShapeError} if features, flipped features, scores and images differ in number or dimensions.
 * @throws {ProtocolError} if an option asks for flipped features or scores that are not given.
 * @throws {DatasetError} if a feature is not finite.
 * Cost: one pass over the features, 4 MiB of buffer for each file, 8 bytes per template and dimension.
 */
export async function poolTemplates(input: PoolingInput, options: PoolingOptions): Promise<Templates> {
  const { index, features, scores, onImages = () => undefined } = input;
  const flipped = checkInput(input, options);
  const { dimensions } = features;
  const width = options.flip === 'concat' ? 2 * dimensions : dimensions;
  const accumulator = createTemplateAccumulator(index, width);
  const rowsAtOnce = Math.max(1, Math.floor(blockBytes / (dimensions * 4)));
  const block = new Float32Array(rowsAtOnce * dimensions);
  const flippedBlock = flipped === undefined ? undefined : new Float32Array(rowsAtOnce * dimensions);
  const wide = new Float32Array(width);

  for (let start = 0; start < features.rows; start += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, features.rows - start);
    await features.read(start, block.subarray(0, rows * dimensions));
    if (flipped !== undefined) await flipped.read(start, flippedBlock!.subarray(0, rows * dimensions));
    for (let row = 0; row < rows; row++) {
      const image = start + row;
      const own = block.subarray(row * dimensions, (row + 1) * dimensions);
      const mirror = flippedBlock?.subarray(row * dimensions, (row + 1) * dimensions);
      if (width > dimensions) wide.set(own);
      const feature = width > dimensions ? wide : own;
      combineImageFeature(feature, mirror, scores?.[image] ?? 1, options);
      if (!isFinite32(feature)) await reportNonFinite(input, image);
      accumulator.add(image, feature);
    }
    onImages(start + rows);
  }
  return accumulator.finish();
}

/** The flipped features that the options ask for, everything checked against everything. */
function checkInput(
  { index, features, flipped, scores }: PoolingInput,
  options: PoolingOptions,
): FeatureSource | undefined {
  const images = index.ofImage.length;
  if (features.rows !== images) {
    throw new ShapeError(`${features.place}: expected ${images} rows, one for each image, got ${features.rows}`);
  }
  if (options.detectorScore === 'use') {
    if (scores === undefined) {
      throw new ProtocolError('detectorScore use: expected detector scores, got none; use detectorScore ignore');
    }
    if (scores.length !== images) {
      throw new ShapeError(`detector scores: expected ${images}, one for each image, got ${scores.length}`);
    }
  }
  if (options.flip === 'none') return undefined;
  if (flipped === undefined) {
    throw new ProtocolError(`flip ${options.flip}: expected features of the mirrored images, got none; use flip none`);
  }
  if (flipped.rows !== images || flipped.dimensions !== features.dimensions) {
    throw new ShapeError(
      `${flipped.place}: expected shape (${images}, ${features.dimensions}) as ${features.place}, got (${flipped.rows}, ${flipped.dimensions})`,
    );
  }
  return flipped;
}

/** Name the first value of an image's features that is not finite. */
async function reportNonFinite({ features, flipped, names }: PoolingInput, image: number): Promise<never> {
  const name = names === undefined ? '' : ` (${names[image]})`;
  for (const source of flipped === undefined ? [features] : [features, flipped]) {
    const row = new Float32Array(source.dimensions);
    await source.read(image, row);
    const bad = row.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      const rows = await countNonFinite(source, image);
      throw new DatasetError(
        `${source.place}: row ${image}${name}, column ${bad}: expected a finite number, got ${row[bad]}; ${rows === 1 ? 'extract the feature again' : `${rows} rows hold such values: extract the features again`}`,
      );
    }
  }
  throw new DatasetError(
    `${features.place}: row ${image}${name}: expected values whose sum fits float32, got larger ones, or a detector score that is not finite`,
  );
}

/** Rows from one on with a value that is not finite. */
async function countNonFinite(source: FeatureSource, from: number): Promise<number> {
  const { dimensions } = source;
  const block = new Float32Array(Math.max(1, Math.floor(blockBytes / (dimensions * 4))) * dimensions);
  let count = 0;
  for (let start = from; start < source.rows; start += block.length / dimensions) {
    const part = block.subarray(0, Math.min(block.length, (source.rows - start) * dimensions));
    await source.read(start, part);
    for (let at = 0; at < part.length; at += dimensions) {
      if (!isFinite32(part.subarray(at, at + dimensions))) count++;
    }
  }
  return count;
}

/** Whether every value is finite: an infinity or NaN makes the sum one. */
function isFinite32(values: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return Number.isFinite(sum);
}
