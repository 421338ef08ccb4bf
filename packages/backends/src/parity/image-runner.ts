import type { ModelCard } from '@retinabench/models';
import type { Backend, SessionOptions } from '../backend/backend.js';
import { type RecordedRun, RecordingSession } from '../backend/recording-session.js';
import { BrowserBackend } from '../browsers/browser-backend.js';
import { HostedDetector } from '../browsers/hosted-detector.js';
import { assertCardFits } from '../decoders/assert-card-fits.js';
import type { Detections } from '../detector/detections.js';
import { FaceDetector, type StageTimes } from '../detector/face-detector.js';
import { type ImageResizer, InputBuilder } from '../detector/input-builder.js';
import { frameFor } from '../detector/input-frame.js';
import type { DetectionProtocol } from '../detector/protocol.js';
import { passesOf } from '../detector/scale-rule.js';
import type { Photograph, RgbImage } from '../image/image.js';

/** What a comparison runs on. */
export interface ParityModel {
  readonly bytes: Uint8Array;
  readonly card: ModelCard;
  readonly protocol: DetectionProtocol;
  readonly resizer?: ImageResizer;
}

/** What one backend made of one image. */
export interface ImageRun {
  readonly runs: readonly RecordedRun[];
  readonly detections: Detections | undefined;
  readonly inferMs: number;
}

/** One backend with the model loaded. */
export interface ImageRunner {
  readonly backend: Backend;
  /** What the network was fed last. */
  readonly lastFeeds: RecordedRun['feeds'] | undefined;
  run(photograph: Photograph): Promise<ImageRun>;
  dispose(): Promise<void>;
}

/**
 * Load a model on a backend. A detector of a browser runs there whole; all else runs here, on a session of the backend.
 *
 * @throws {ModelError}, {BackendError} if it does not load.
 */
export async function loadRunner(model: ParityModel, backend: Backend, options: SessionOptions): Promise<ImageRunner> {
  if (backend instanceof BrowserBackend && model.card.decoder !== undefined) {
    return new HostedRunner(backend, await HostedDetector.open(backend, model, model.protocol, options));
  }
  const session = new RecordingSession(await backend.createSession(model.bytes, `model ${model.card.id}`, options));
  const { card, protocol, resizer } = model;
  assertCardFits(card, session);
  return new LocalRunner(backend, model, session, card.decoder && new FaceDetector(card, session, protocol, resizer));
}

class HostedRunner implements ImageRunner {
  lastFeeds: RecordedRun['feeds'] | undefined;
  readonly backend: Backend;
  readonly #detector: HostedDetector;

  constructor(backend: Backend, detector: HostedDetector) {
    this.backend = backend;
    this.#detector = detector;
  }

  async run(photograph: Photograph): Promise<ImageRun> {
    const times: StageTimes = { resizeMs: 0, inferMs: 0, postprocessMs: 0 };
    const { detections, runs } = await this.#detector.detectRecorded(photograph, times);
    this.lastFeeds = runs.at(-1)?.feeds;
    return { runs, detections, inferMs: times.inferMs };
  }

  dispose(): Promise<void> {
    return this.#detector.dispose();
  }
}

class LocalRunner implements ImageRunner {
  lastFeeds: RecordedRun['feeds'] | undefined;
  readonly backend: Backend;
  readonly #model: ParityModel;
  readonly #session: RecordingSession;
  readonly #detector: FaceDetector | undefined;

  constructor(backend: Backend, model: ParityModel, session: RecordingSession, detector: FaceDetector | undefined) {
    this.backend = backend;
    this.#model = model;
    this.#session = session;
    this.#detector = detector;
  }

  async run({ pixels: image }: Photograph): Promise<ImageRun> {
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
