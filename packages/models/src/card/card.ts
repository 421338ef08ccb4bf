import type { AnchorPreset, Variances } from '@retinabench/core';
import type { Split } from '@retinabench/results';
import type { ComposedDecoder } from './composed.js';
import type { CardEmbedding } from './embedding.js';

/** How an image becomes the network's input. */
export interface CardInput {
  /** Name of the input tensor. */
  readonly tensor: string;
  /** Order of the axes. */
  readonly layout: 'NCHW' | 'NHWC';
  /** Order of the channels. */
  readonly colourOrder: 'rgb' | 'bgr';
  /** Subtracted from each channel, in the order of `colourOrder`, in grey levels. */
  readonly mean: readonly [number, number, number];
  /** Each channel is multiplied by it after the mean is subtracted. */
  readonly scale: readonly [number, number, number];
  readonly size: InputSize;
  /** Element type of the input tensor. Default `float32`; `uint8` takes the numbers rounded half to even and clipped to 0..255. */
  readonly type?: InputType;
  /** Further inputs of the network, with what they are fed. */
  readonly sides?: readonly SideInput[];
}

/** Element types of an image input. */
export const inputTypes = ['float32', 'float16', 'uint8'] as const;
export type InputType = (typeof inputTypes)[number];

/** What a side input can say of the image at hand: sides of the network's input, and of the image. */
export const sideValues = ['inputWidth', 'inputHeight', 'imageWidth', 'imageHeight'] as const;
export type SideValue = (typeof sideValues)[number];

/** An input beside the image: a threshold, a size. Fed in the element type that the network asks for. */
export interface SideInput {
  readonly tensor: string;
  /** Dimensions; `[]` for a scalar. */
  readonly dims: readonly number[];
  /** Row-major. */
  readonly values: readonly (number | SideValue)[];
}

/** How an image is resized, whatever the size rule. */
export interface Sampling {
  /**
   * `factor`: pixels are sampled, and boxes carried back, by the exact factor, as the public RetinaFace code does (OpenCV's
   * `fx`). `whole-pixels`: the image is resized to whole sides, and the ratio of the sides counts, each axis its own, as most
   * code does (`cv2.resize(image, (w, h))`). Default `factor`.
   */
  readonly sampling?: 'factor' | 'whole-pixels';
  /** How the resized sides become whole. Default `half-even`. */
  readonly rounding?: 'half-even' | 'half-up' | 'floor';
}

/**
 * Sizes that a network takes. `any`: every size, nothing is padded (the public RetinaFace protocol). `multiple`: padded with
 * `padValue` grey levels to a multiple of `of`, on the right and at the bottom, or on both sides with `"fit": "pad-centre"`;
 * or `stretch`ed to it. `fixed`: the image is resized to it, `stretch`ed or `letterbox`ed (long side fitted, rest padded right and
 * bottom; `letterbox-centre`: padded on both sides).
 */
export type InputSize = Sampling &
  (
    | { readonly rule: 'any' }
    | {
        readonly rule: 'multiple';
        readonly of: number;
        readonly padValue: number;
        /** Default `pad`. */
        readonly fit?: 'pad' | 'pad-centre' | 'stretch';
      }
    | {
        readonly rule: 'fixed';
        readonly widthPx: number;
        readonly heightPx: number;
        readonly fit: 'stretch' | 'letterbox' | 'letterbox-centre';
        readonly padValue: number;
        /** Whether a letterbox may enlarge an image. Default true. */
        readonly enlarge?: boolean;
      }
  );

/**
 * The squares that a dense head's camera can look at: `anchor`, the anchor's own, as in the paper; `face`, the crop of the face
 * as the same anchor gives it: around its box, 1.2 times as wide as the longer side, turned until its eyes lie level.
 */
export const denseFrames = ['anchor', 'face'] as const;
export type DenseFrame = (typeof denseFrames)[number];

/**
 * How the network's outputs become boxes. Tensor names refer to the .onnx. `composed` says everything; the other kinds
 * are presets of it (`composedForm` writes them out).
 */
export type CardDecoder =
  | ComposedDecoder
  /**
   * RetinaFace: class scores [1, N, 2], box offsets [1, N, 4], landmark offsets [1, N, 10] and the dense head's P_ST,
   * P_cam, P_ill [1, N, 144], over an anchor layout.
   */
  | {
      readonly kind: 'retinaface';
      readonly outputs: {
        readonly scores: string;
        readonly boxes: string;
        readonly landmarks?: string;
        readonly dense?: string;
      };
      readonly anchors: AnchorPreset;
      readonly variances: Variances;
      /** Which square the dense head's camera looks at. Default `anchor`. */
      readonly denseFrame?: DenseFrame;
      /** Whether the softmax over the two classes is in the graph already. */
      readonly softmaxApplied: boolean;
    }
  /** SCRFD: per stride a score [N, 1], a distance box [N, 4] in strides and landmarks [N, 10] in strides. */
  | {
      readonly kind: 'scrfd';
      readonly levels: readonly {
        readonly stride: number;
        readonly anchorsPerCell: number;
        readonly scores: string;
        readonly boxes: string;
        readonly landmarks?: string;
      }[];
    }
  /** YuNet: per stride classification, objectness, box and landmarks on one point per cell. */
  | {
      readonly kind: 'yunet';
      readonly levels: readonly {
        readonly stride: number;
        readonly classification: string;
        readonly objectness: string;
        readonly boxes: string;
        readonly landmarks: string;
      }[];
    }
  /** Scores [1, N, 2] and decoded corner boxes [1, N, 4] as fractions of the input (UltraFace). */
  | { readonly kind: 'corners'; readonly outputs: { readonly scores: string; readonly boxes: string } }
  /** Scores [1, N] after the sigmoid and decoded corner boxes [1, N, 4] in input pixels (face-api's detectors as written by the graph writer). */
  | { readonly kind: 'boxes'; readonly outputs: { readonly scores: string; readonly boxes: string } };

/** The post-processing under which the model was published; the protocol of a run overrides it. */
export interface CardDefaults {
  readonly scoreFloor: number;
  /** Absent only where the network suppresses by itself. */
  readonly nmsIou?: number;
  /** How sides are counted in areas and overlaps: `pixel` is x2 - x1 + 1 (the default), `continuous` x2 - x1. */
  readonly nmsConvention?: 'pixel' | 'continuous';
}

/** AP that somebody published for the model, with its protocol. */
export interface PublishedAp {
  readonly ap: Readonly<Record<Split, number>>;
  /** In words: `WIDER FACE val, original scale`. */
  readonly protocol: string;
  readonly source: string;
}

/** What is needed to run a model and to trust its number; lies beside the .onnx as `<name>.card.json`. */
export interface ModelCard {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly title: string;
  readonly task: 'face-detection' | 'face-embedding' | 'face-landmarks';
  readonly source: string;
  readonly licence: string;
  /** SHA-256 of the .onnx file. */
  readonly sha256: string;
  readonly parameters: number;
  readonly input: CardInput;
  /** Detectors only. */
  readonly decoder?: CardDecoder;
  readonly defaults?: CardDefaults;
  /** Whether detections carry five landmarks. */
  readonly landmarks: boolean;
  /** Embedders and landmark networks only: the name of the output tensor. */
  readonly output?: string;
  /** Embedders only: how crops are cut, and what becomes of the mirrored one. */
  readonly embedding?: CardEmbedding;
  readonly published?: readonly PublishedAp[];
}
