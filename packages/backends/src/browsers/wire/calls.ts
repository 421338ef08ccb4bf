import type { ModelCard } from '@retinabench/models';
import type { Tensor } from '../../backend/backend.js';
import type { NetworkSignature } from '../../backend/network-signature.js';
import type { RecordedRun } from '../../backend/recording-session.js';
import type { Detections } from '../../detector/detections.js';
import type { DetectionProtocol } from '../../detector/protocol.js';
import type { RgbImage } from '../../image/image.js';

/** What a page says of itself and of the browser that it lies in. */
export interface PageFacts {
  readonly userAgent: string;
  /** Whether the page may share memory between threads. */
  readonly crossOriginIsolated: boolean;
  /** Logical processors that the browser tells. */
  readonly hardwareConcurrency: number;
  /** Smallest step of the page's clock that was seen, milliseconds. */
  readonly timerResolutionMs: number;
  /** What draws or computes for the interface asked for; absent where nothing does. */
  readonly adapter?: PageAdapter;
}

/** What stands behind WebGL or WebGPU. */
export interface PageAdapter {
  readonly api: 'webgl' | 'webgpu';
  readonly name: string;
  /** It computes on the processor: times say nothing about a GPU. */
  readonly software: boolean;
}

/** Milliseconds of one detection by the page's clock. */
export interface PageTimes {
  /** Of the browser's own decoder; absent where pixels were sent. */
  readonly decodeMs?: number;
  readonly resizeMs: number;
  readonly inferMs: number;
  readonly postprocessMs: number;
  /** The whole of the detector, without decoding. */
  readonly totalMs: number;
}

/** What a page is asked, by name: the question and its answer. */
export interface PageCalls {
  readonly facts: { readonly ask: { readonly gpu?: PageAdapter['api'] }; readonly answer: PageFacts };
  /** Load a model on a runtime, and a detector where there is a card; a page loads one model. */
  readonly open: {
    readonly ask: {
      readonly runtime: string;
      readonly model: Uint8Array;
      readonly place: string;
      readonly threads: number;
      readonly detector?: { readonly card: ModelCard; readonly protocol: DetectionProtocol };
    };
    readonly answer: {
      readonly inputNames: readonly string[];
      readonly outputNames: readonly string[];
      readonly signature?: NetworkSignature;
      readonly version: string;
      /** Of the page's clock, without transfer. */
      readonly loadMs: number;
    };
  };
  readonly run: {
    readonly ask: { readonly feeds: Readonly<Record<string, Tensor>> };
    readonly answer: { readonly outputs: Readonly<Record<string, Tensor>> };
  };
  readonly detect: {
    readonly ask: {
      /** Decoded pixels, or the bytes of a file for the browser's decoder. */
      readonly image?: RgbImage;
      readonly file?: Uint8Array;
      /** The file's name, for messages. */
      readonly place?: string;
      /** Give what went into the network and came out, too. */
      readonly record?: boolean;
    };
    readonly answer: {
      readonly detections: Detections;
      readonly times: PageTimes;
      readonly widthPx: number;
      readonly heightPx: number;
      readonly runs?: readonly RecordedRun[];
    };
  };
  /** Bytes of the page's memory; absent where the browser does not tell. */
  readonly memory: { readonly ask: Readonly<Record<string, never>>; readonly answer: { readonly bytes?: number } };
}

/** A question on its way to the page. */
export interface PageQuestion<Name extends keyof PageCalls = keyof PageCalls> {
  readonly id: number;
  readonly call: Name;
  readonly ask: PageCalls[Name]['ask'];
}

/** What the page says to a question. */
export type PageReply =
  | { readonly id: number; readonly answer: unknown }
  | {
      readonly id: number;
      readonly error: { readonly name: string; readonly message: string };
      /** What the page works with is gone: it cannot go on. */
      readonly lost?: true;
    };
