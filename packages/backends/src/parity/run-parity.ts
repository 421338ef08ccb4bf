import { BackendError, isRetinaBenchError } from '@retinabench/core';
import type { ModelCard } from '@retinabench/models';
import type { Backend, SessionOptions } from '../backend/backend.js';
import { type RecordedRun, RecordingSession } from '../backend/recording-session.js';
import { assertCardFits } from '../decoders/assert-card-fits.js';
import type { Detections } from '../detector/detections.js';
import { FaceDetector, type StageTimes } from '../detector/face-detector.js';
import { type ImageResizer, InputBuilder } from '../detector/input-builder.js';
import { frameFor } from '../detector/input-frame.js';
import type { DetectionProtocol } from '../detector/protocol.js';
import { passesOf } from '../detector/scale-rule.js';
import type { RgbImage } from '../image/image.js';
import { outputBounds } from './output-bounds.js';
import { ParityMeter } from './parity-meter.js';

/** What one backend made of one image. */
interface ImageRun {
  readonly runs: readonly RecordedRun[];
  readonly detections: Detections | undefined;
  readonly inferMs: number;
}

/** One backend under comparison. */
export interface Contender {
  readonly backend: Backend;
  readonly meter: ParityMeter;
  /** Time in the network, one entry an image. */
  readonly inferMs: number[];
  /** Set once the backend failed; it is left out from then on. */
  failure?: string;
}

/** What a comparison runs on. */
export interface ParityModel {
  readonly bytes: Uint8Array;
  readonly card: ModelCard;
  readonly protocol: DetectionProtocol;
  readonly resizer?: ImageResizer;
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

  /** Load the model on all backends. @throws {ModelError}, {BackendError} if one cannot load it. */
  static async load(
    model: ParityModel,
    reference: Backend,
    others: readonly Backend[],
    options: SessionOptions,
  ): Promise<ParityRun> {
    const runners: ImageRunner[] = [];
    try {
      for (const backend of [reference, ...others]) runners.push(await ImageRunner.load(model, backend, options));
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
  async addImage(image: RgbImage): Promise<ReadonlyMap<string, Detections | undefined>> {
    const reference = await this.#reference.run(image);
    this.referenceMs.push(reference.inferMs);
    const found = new Map([[this.#reference.backend.id as string, reference.detections]]);
    for (const [index, contender] of this.contenders.entries()) {
      if (contender.failure !== undefined) continue;
      try {
        const actual = await this.#runners[index].run(image);
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

/** One backend with the model loaded. */
class ImageRunner {
  lastFeeds: RecordedRun['feeds'] | undefined;

  readonly #model: ParityModel;
  readonly #session: RecordingSession;
  readonly #detector: FaceDetector | undefined;

  private constructor(
    readonly backend: Backend,
    model: ParityModel,
    session: RecordingSession,
    detector: FaceDetector | undefined,
  ) {
    this.#model = model;
    this.#session = session;
    this.#detector = detector;
  }

  static async load(model: ParityModel, backend: Backend, options: SessionOptions): Promise<ImageRunner> {
    const inner = await backend.createSession(model.bytes, `model ${model.card.id}`, options);
    const session = new RecordingSession(inner);
    const { card, protocol, resizer } = model;
    assertCardFits(card, session);
    const detector = card.decoder && new FaceDetector(card, session, protocol, resizer);
    return new ImageRunner(backend, model, session, detector);
  }

  async run(image: RgbImage): Promise<ImageRun> {
    const times: StageTimes = { resizeMs: 0, inferMs: 0, postprocessMs: 0 };
    this.#session.take();
    const detections = this.#detector ? await this.#detector.detect(image, times) : await this.#embed(image, times);
    const runs = this.#session.take();
    this.lastFeeds = runs.at(-1)?.feeds;
    return { runs, detections, inferMs: times.inferMs };
  }

  async #embed(image: RgbImage, times: StageTimes): Promise<undefined> {
    const { card, protocol, resizer } = this.#model;
    const [pass] = passesOf(protocol.scale, image.widthPx, image.heightPx);
    const frame = frameFor(card.input.size, pass, image.widthPx, image.heightPx);
    const feeds = await new InputBuilder(card.input, resizer).feeds(image, frame);
    const startedMs = performance.now();
    await this.#session.run(feeds);
    times.inferMs += performance.now() - startedMs;
  }

  dispose(): Promise<void> {
    return this.#session.dispose();
  }
}
