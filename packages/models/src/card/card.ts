import type { AnchorPreset, Variances } from '@retinabench/core';
import type { Split } from '@retinabench/results';
import type { CardInput } from './card-input.js';
import type { ComposedDecoder } from './composed.js';
import type { CardEmbedding } from './embedding.js';

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
