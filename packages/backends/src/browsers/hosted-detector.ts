import { ProtocolError } from '@retinabench/core';
import type { ModelCard } from '@retinabench/models';
import type { SessionOptions } from '../backend/backend.js';
import type { RecordedRun } from '../backend/recording-session.js';
import type { Detections } from '../detector/detections.js';
import type { StageTimes } from '../detector/face-detector.js';
import type { FileDetections, ImageDetector } from '../detector/image-detector.js';
import type { DetectionProtocol } from '../detector/protocol.js';
import type { Photograph, RgbImage } from '../image/image.js';
import type { BrowserBackend } from './browser-backend.js';
import { openHost } from './open-host.js';
import type { PageHost } from './page-host.js';
import type { PageCalls, PageTimes } from './wire/calls.js';

/** The detector in a browser's page: pixels go there, faces come back, and times are the page's own. */
export class HostedDetector implements ImageDetector {
  readonly #host: PageHost;
  readonly #decodes: boolean;
  /** Time of loading the model by the page's clock, milliseconds. */
  readonly loadMs: number;

  private constructor(host: PageHost, { loadMs }: PageCalls['open']['answer'], { decode }: DetectionProtocol) {
    this.#host = host;
    this.#decodes = decode === 'browser';
    this.loadMs = loadMs;
  }

  /**
   * Start a browser and load a model and its detector there.
   *
   * @throws {ProtocolError} if images are to be resized by libvips, which no browser has.
   * @throws {ModelError}, {BackendError} as createSession and FaceDetector.
   */
  static async open(
    backend: BrowserBackend,
    { bytes, card }: { readonly bytes: Uint8Array; readonly card: ModelCard },
    protocol: DetectionProtocol,
    options: SessionOptions,
  ): Promise<HostedDetector> {
    if (protocol.resize !== 'opencv-linear') {
      throw new ProtocolError(
        `--resize ${protocol.resize}: libvips resizes in Node only, and ${backend.id} resizes in the browser; leave --resize out`,
      );
    }
    const { host } = await openHost(backend.browser, backend.runtime, options);
    try {
      const opened = await host.ask('open', {
        runtime: backend.runtime.id,
        model: new Uint8Array(bytes),
        place: `model ${card.id}`,
        threads: options.threads,
        detector: { card, protocol },
      });
      return new HostedDetector(host, opened, protocol);
    } catch (error) {
      await host.close();
      throw error;
    }
  }

  async detect(image: RgbImage, times?: StageTimes): Promise<Detections> {
    const { detections } = await this.#detect({ image: this.#pixels(image) }, times);
    return detections;
  }

  async detectFile(file: Uint8Array, place: string, times?: StageTimes): Promise<FileDetections> {
    const { detections, widthPx, heightPx } = await this.#detect({ file: new Uint8Array(file), place }, times);
    return { detections, widthPx, heightPx };
  }

  /**
   * Find the faces of a photograph, with all that went into the network and came out of it. The page is given the file where the
   * browser decodes, else the pixels.
   */
  async detectRecorded(
    { pixels, file, place }: Photograph,
    times: StageTimes,
  ): Promise<{ readonly detections: Detections; readonly runs: readonly RecordedRun[] }> {
    const input = this.#decodes ? { file: new Uint8Array(file), place } : { image: pixels };
    const { detections, runs = [] } = await this.#detect({ ...input, record: true }, times);
    return { detections, runs };
  }

  async #detect(ask: PageCalls['detect']['ask'], times?: StageTimes): Promise<PageCalls['detect']['answer']> {
    const answer = await this.#host.ask('detect', ask);
    if (times) addTimes(times, answer.times);
    return answer;
  }

  /** @throws {ProtocolError} if the browser was to decode. */
  #pixels(image: RgbImage): RgbImage {
    if (!this.#decodes) return image;
    throw new ProtocolError('--decode browser: this command hands decoded pixels to the detector; leave --decode out');
  }

  /** Memory of the page in bytes; undefined where the browser does not tell. */
  async memoryBytes(): Promise<number | undefined> {
    return (await this.#host.ask('memory', {})).bytes;
  }

  /** End the browser. */
  async dispose(): Promise<void> {
    await this.#host.close();
  }
}

function addTimes(times: StageTimes, { decodeMs, resizeMs, inferMs, postprocessMs, totalMs }: PageTimes): void {
  times.resizeMs += resizeMs;
  times.inferMs += inferMs;
  times.postprocessMs += postprocessMs;
  times.totalMs = (times.totalMs ?? 0) + totalMs;
  if (decodeMs !== undefined) times.decodeMs = (times.decodeMs ?? 0) + decodeMs;
}
