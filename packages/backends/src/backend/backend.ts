import type { BrowserName } from './browser-name.js';
import type { NetworkSignature } from './network-signature.js';

/** The runtimes that can execute a model. */
export type RuntimeId =
  | 'ort-node'
  | 'ort-wasm'
  | 'ort-webgpu'
  | 'ort-webgpu+cpu'
  | 'litert-wasm'
  | 'tfjs-node'
  | 'tfjs-wasm'
  | 'tfjs-cpu'
  | 'tfjs-webgl';

/** A runtime in this process, also on a device, or one in a browser: `ort-wasm`, `ort-node:webgpu`, `chromium/ort-wasm`. */
export type BackendId = RuntimeId | `ort-node:${string}` | `${BrowserName}/${string}`;

/** A dense row-major tensor of float32. */
export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
  /** The numbers of an image [N, C, H, W] lie channels last; fed only to a session that takes it. */
  readonly channelsLast?: true;
}

/** Options of a session that change speed, never the result beyond the backend's tolerance. */
export interface SessionOptions {
  /** Intra-operator threads. */
  readonly threads: number;
  /** Longest time of a run in a browser, after which the browser is ended; absent: no limit. In this process nothing can end a run. */
  readonly limitMs?: number;
}

/** A loaded model. Not re-entrant: await a run before the next. */
export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Element types and dimensions of inputs and outputs; absent where the runtime does not tell. */
  readonly signature?: NetworkSignature;
  /** Whether images may be fed channels last, which spares the session to order them so. */
  readonly takesChannelsLast?: boolean;
  /**
   * Run the model once.
   *
   * @param feeds one tensor per input name.
   * @returns one tensor per output name, valid until the next run.
   * @throws {ShapeError} if an input is missing, unknown or of the wrong rank.
   * @throws {BackendError} if the runtime fails; the session stays usable unless the message says otherwise.
   */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  /** Free all memory of the session, native memory included. A second call does nothing. */
  dispose(): Promise<void>;
}

/** Whether a backend can run here, and if not, why and what to do about it. */
export type Availability =
  | { readonly available: true }
  | { readonly available: false; readonly reason: string; readonly remedy: string };

/** Largest difference from the reference that a backend may show on a float32 model. */
export interface Tolerance {
  /** Of a raw output. */
  readonly absolute: number;
  readonly relative: number;
  /** Of a box corner, in pixels of the original image. */
  readonly boxPx: number;
}

/** A runtime that executes .onnx models. One file implements it; one line in `registry.ts` registers it. */
export interface Backend {
  readonly id: BackendId;
  readonly tolerance: Tolerance;
  /** The browser's interface to the GPU that it computes on; absent: none. */
  readonly gpu?: 'webgl' | 'webgpu';
  /** Look whether the runtime loads here; cheap, never throws. */
  availability(): Promise<Availability>;
  /** Version of the runtime, as its package states it; where it computes on a device, ` on NAME` behind it. */
  version(): Promise<string>;
  /**
   * Load a model.
   *
   * @param model the bytes of an .onnx file.
   * @param place the file's name, for messages.
   * @throws {ModelError} if the bytes are no model or hold an operator that the backend lacks.
   * @throws {BackendError} if the runtime cannot be loaded.
   */
  createSession(model: Uint8Array, place: string, options: SessionOptions): Promise<Session>;
}
