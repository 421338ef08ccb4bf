import { DatasetError, ProtocolError, ShapeError } from '@retinabench/core';
import { createTemplateAccumulator } from './accumulate.js';
import type { FeatureSource } from './features.js';
import { combineImageFeature, isFinite32 } from './image-feature.js';
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
 * Cost: one pass over the features, 8 MiB of buffers for each file, 8 bytes per template and dimension.
 */
export async function poolTemplates(input: PoolingInput, options: PoolingOptions): Promise<Templates> {
  const { index, features, scores, onImages = () => undefined } = input;
  const flipped = checkInput(input, options);
  const { dimensions } = features;
  const width = options.flip === 'concat' ? 2 * dimensions : dimensions;
  const accumulator = createTemplateAccumulator(index, width);
  const rowsAtOnce = Math.max(1, Math.floor(blockBytes / (dimensions * 4)));
  const wide = new Float32Array(width);
  // While one block is pooled, the next is read.
  const blocks = [0, 1].map(() => new Block(features, flipped, rowsAtOnce));
  let reading = blocks[0].read(0);
  for (let start = 0, turn = 0; start < features.rows; start += rowsAtOnce, turn = 1 - turn) {
    await reading;
    const { own, mirrored, rows } = blocks[turn];
    const hasNext = start + rowsAtOnce < features.rows;
    reading = hasNext ? blocks[1 - turn].read(start + rowsAtOnce) : Promise.resolve();
    // Pooling may end before the read that it started.
    reading.catch(() => undefined);
    for (let row = 0; row < rows; row++) {
      const image = start + row;
      const narrow = own.subarray(row * dimensions, (row + 1) * dimensions);
      const mirror = mirrored?.subarray(row * dimensions, (row + 1) * dimensions);
      if (width > dimensions) wide.set(narrow);
      const feature = width > dimensions ? wide : narrow;
      const finite = combineImageFeature(feature, mirror, scores?.[image] ?? 1, options);
      if (!finite) await reportNonFinite(input, image);
      accumulator.add(image, feature);
    }
    onImages(start + rows);
  }
  return accumulator.finish();
}

/** Rows of the features and of the mirrored ones, read together. */
class Block {
  readonly own: Float32Array;
  readonly mirrored: Float32Array | undefined;
  /** Rows that were read last. */
  rows = 0;
  readonly #features: FeatureSource;
  readonly #flipped: FeatureSource | undefined;

  constructor(features: FeatureSource, flipped: FeatureSource | undefined, rowsAtOnce: number) {
    this.#features = features;
    this.#flipped = flipped;
    this.own = new Float32Array(rowsAtOnce * features.dimensions);
    this.mirrored = flipped === undefined ? undefined : new Float32Array(rowsAtOnce * features.dimensions);
  }

  /** Read the rows from `start` on. */
  async read(start: number): Promise<void> {
    const { rows, dimensions } = this.#features;
    this.rows = Math.min(this.own.length / dimensions, rows - start);
    const values = this.rows * dimensions;
    await Promise.all([
      this.#features.read(start, this.own.subarray(0, values)),
      this.mirrored === undefined ? undefined : this.#flipped?.read(start, this.mirrored.subarray(0, values)),
    ]);
  }
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
