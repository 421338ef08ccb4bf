import { BackendError, isRetinaBenchError, ProtocolError } from '@retinabench/core';
import type { ModelCard } from '@retinabench/models';
import type { Backend, SessionOptions } from '../backend/backend.js';
import type { RecordedRun } from '../backend/recording-session.js';
import type { Detections } from '../detector/detections.js';
import type { Photograph } from '../image/image.js';
import { assertDecodes } from '../registry/assert-decodes.js';
import { type ImageRunner, loadRunner, type ParityModel } from './image-runner.js';
import { outputBounds } from './output-bounds.js';
import { ParityMeter } from './parity-meter.js';

/** One backend under comparison. */
export interface Contender {
  readonly backend: Backend;
  readonly meter: ParityMeter;
  /** Time in the network, one entry an image. */
  readonly inferMs: number[];
  /** Set once the backend failed; it is left out from then on. */
  failure?: string;
}

/**
 * Runs a model on a reference and on other backends, image by image in the same process: raw outputs, scores and boxes of
 * each are compared with the reference's. A network that is no detector is compared by its outputs alone.
 */
export class ParityRun {
  readonly contenders: readonly Contender[];
  readonly #runners: readonly ImageRunner[];
  readonly #reference: ImageRunner;
  readonly referenceMs: number[] = [];

  readonly #card: ModelCard;

  private constructor(card: ModelCard, reference: ImageRunner, runners: readonly ImageRunner[]) {
    this.#card = card;
    this.#reference = reference;
    this.#runners = runners;
    this.contenders = runners.map(({ backend }) => ({
      backend,
      meter: new ParityMeter(backend.id, backend.tolerance),
      inferMs: [],
    }));
  }

  /**
   * Load the model on all backends. Where the protocol lets browsers decode, each decodes for itself; a reference of this process has
   * the pixels of sharp.
   *
   * @throws {ModelError}, {BackendError} if one cannot load it.
   * @throws {ProtocolError} if browsers are to decode, and one of the others runs in none, or the model is no detector.
   */
  static async load(
    model: ParityModel,
    reference: Backend,
    others: readonly Backend[],
    options: SessionOptions,
  ): Promise<ParityRun> {
    for (const { id } of others) assertDecodes(id, model.protocol);
    if (model.protocol.decode !== undefined && model.card.decoder === undefined) {
      throw new ProtocolError(
        `--decode browser: model ${model.card.id} is no detector, and is fed from here; leave --decode out`,
      );
    }
    const runners: ImageRunner[] = [];
    try {
      for (const backend of [reference, ...others]) runners.push(await loadRunner(model, backend, options));
    } catch (error) {
      for (const runner of runners) await runner.dispose();
      throw error;
    }
    return new ParityRun(model.card, runners[0], runners.slice(1));
  }

  /**
   * Compare on one image.
   *
   * @returns the detections of the reference and, by backend, of the others; undefined where there are none.
   * @throws whatever the reference throws; a contender that fails is left out from then on, with its failure.
   */
  async addImage(photograph: Photograph): Promise<ReadonlyMap<string, Detections | undefined>> {
    const reference = await this.#reference.run(photograph);
    this.referenceMs.push(reference.inferMs);
    const found = new Map([[this.#reference.backend.id as string, reference.detections]]);
    for (const [index, contender] of this.contenders.entries()) {
      if (contender.failure !== undefined) continue;
      try {
        const actual = await this.#runners[index].run(photograph);
        for (const [pass, run] of reference.runs.entries()) this.#compare(contender, run, actual.runs[pass]);
        contender.meter.addImage(reference.detections, actual.detections);
        contender.inferMs.push(actual.inferMs);
        found.set(contender.backend.id, actual.detections);
      } catch (error) {
        if (!isRetinaBenchError(error)) throw error;
        contender.failure = error.message;
      }
    }
    return found;
  }

  /** Hold the raw outputs of one pass to the bounds of what they are. */
  #compare({ backend, meter }: Contender, reference: RecordedRun, actual: RecordedRun): void {
    const { decoder, input } = this.#card;
    const longestSidePx = Math.max(...reference.feeds[input.tensor].dims);
    const bounds = decoder === undefined ? new Map() : outputBounds(decoder, backend.tolerance, longestSidePx);
    if (bounds !== undefined) meter.addOutputs(reference.outputs, actual.outputs, bounds);
  }

  /** The network's input for an image, as the reference was fed last. */
  lastFeeds(): RecordedRun['feeds'] {
    if (!this.#reference.lastFeeds) throw new BackendError('no image was run yet');
    return this.#reference.lastFeeds;
  }

  /** Free all sessions. */
  async dispose(): Promise<void> {
    for (const runner of [this.#reference, ...this.#runners]) await runner.dispose();
  }
}
