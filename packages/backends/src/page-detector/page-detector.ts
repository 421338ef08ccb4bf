import type { ModelCard } from '@retinabench/models';
import type { Detections } from '../detector/detections.js';
import type { StageTimes } from '../detector/face-detector.js';
import type { DetectionProtocol } from '../detector/protocol.js';
import type { browserBackends } from '../runtimes/browser-backends.js';
import type { Address, Assets } from '../runtimes/wasm-folders.js';
import type { Picture } from './picture.js';

/** A runtime that browsers have. */
export type BrowserBackendId = keyof typeof browserBackends;

/** Which detector a page opens, and where its files lie. Addresses are relative to the page. */
export interface DetectorOptions {
  /** Address or bytes of an .onnx file (of litert-wasm also a .tflite). */
  readonly model: Address | Uint8Array;
  /** The model's card or its address; absent: `name.card.json` beside `name.onnx`. */
  readonly card?: ModelCard | Address;
  /** Absent: `ort-wasm`, which every browser runs. */
  readonly backend?: BrowserBackendId;
  /** What differs from the card's defaults; a page that shows faces wants a `scoreFloor` of 0.5, say. */
  readonly protocol?: Partial<DetectionProtocol>;
  /** Threads of WebAssembly; more than one needs a page that is cross-origin isolated. Absent: 1. */
  readonly threads?: number;
  /** Where the WebAssembly lies, as for `setAssets`. */
  readonly assets?: Address | Assets;
}

/** The faces of a picture. */
export interface PictureDetections extends Detections {
  /** Of the picture that its boxes lie in. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly times: StageTimes;
}

/** A detector of a page, in the page or in a worker of it. Calls wait for each other. */
export interface PageDetector {
  readonly card: ModelCard;
  readonly protocol: DetectionProtocol;
  readonly backend: BrowserBackendId;
  /** Of the runtime. */
  readonly version: string;
  /**
   * Find the faces of a picture, as it is now.
   *
   * @throws {DatasetError} if it is no picture, has no pixels yet, or may not be read.
   * @throws {BackendError} if the runtime fails, or the detector was disposed.
   */
  detect(picture: Picture): Promise<PictureDetections>;
  /** Free the model; of a worker the worker stays, and may open another. A second call does nothing. */
  dispose(): Promise<void>;
}
