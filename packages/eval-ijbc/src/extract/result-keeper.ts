import type { ExtractOptions } from './extract-options.js';
import type { ExtractionRun } from './extraction-run.js';
import { type FeatureWriter, openFeatureWriter } from './feature-writer.js';
import type { ExtractResult } from './worker.js';

/** Keeps what workers send back, in the order of arrival: features first, then the log, so that what is logged is there. */
export class ResultKeeper {
  /** Images that were extracted, not taken over from an earlier run. */
  readonly extracted = new Set<number>();
  readonly #options: ExtractOptions;
  readonly #run: ExtractionRun;
  /** Of the features and, where asked for, of those of the mirrored crops; opened with the first face. */
  readonly #writers: FeatureWriter[] = [];
  #queue: Promise<void> = Promise.resolve();
  #done: number;
  #changed = 0;

  /** @param done images that an earlier run has finished. */
  constructor(options: ExtractOptions, run: ExtractionRun, done: number) {
    this.#options = options;
    this.#run = run;
    this.#done = done;
    options.onImages(done);
  }

  /** Images that an earlier run had done, and that were extracted again. */
  get changed(): number {
    return this.#changed;
  }

  /** Keep the results of `indices` after those that came before; an error shows in `settled`. */
  add(indices: readonly number[], results: readonly ExtractResult[]): void {
    this.#queue = this.#queue.then(() => this.#keep(indices, results));
    // Awaited in `settled`; until then a rejection is not unhandled.
    this.#queue.catch(() => undefined);
  }

  /**
   * Wait until all that was added is kept.
   *
   * @throws {EnvironmentError} if the disk is full or gone.
   */
  settled(): Promise<void> {
    return this.#queue;
  }

  /** Close the files, after what has arrived is written. */
  async close(): Promise<void> {
    await this.#queue.catch(() => undefined);
    for (const writer of this.#writers.splice(0)) writer.close();
  }

  async #keep(indices: readonly number[], results: readonly ExtractResult[]): Promise<void> {
    const { names, onImages } = this.#options;
    for (const [i, { reading, face, madeBy }] of results.entries()) {
      const image = indices[i];
      if (face !== undefined) {
        const { feature, flipped, points, score, source } = face;
        await this.#begin(feature.length);
        this.#writers[0].write(image, feature);
        if (flipped !== undefined) this.#writers[1].write(image, flipped);
        if (this.#run.finished.has(image)) this.#changed++;
        this.extracted.add(image);
        const { sha256 } = reading;
        const extractedAt = new Date().toISOString();
        this.#run.append({
          image,
          points: Array.from(points, roundPoint),
          score,
          source,
          sha256,
          extractedAt,
          ...(madeBy === undefined ? {} : { madeBy }),
        });
      }
      this.#run.digests.keep(names[image], reading);
    }
    this.#done += results.length;
    onImages(this.#done);
  }

  async #begin(dimensions: number): Promise<void> {
    if (this.#writers.length > 0) return;
    const { files } = this.#run;
    const { images, flip } = this.#options;
    this.#writers.push(await openFeatureWriter(files.features, images.length, dimensions));
    if (flip) this.#writers.push(await openFeatureWriter(files.flipped, images.length, dimensions));
  }
}

/** Thousandths of a pixel, as the public lists have them. */
function roundPoint(value: number): number {
  return Math.round(value * 1000) / 1000;
}
