import { type IouConvention, ProtocolError } from '@retinabench/core';
import { cardSettings, composedForm, type ModelCard } from '@retinabench/models';
import type { ProtocolSettings } from '@retinabench/results';
import { formatPerturbation, isRandom, type Perturbation } from '../perturb/perturbation.js';
import type { resizeKernels } from './resize-kernels.js';
import { formatScaleRule, type ScaleRule } from './scale-rule.js';

/** How the boxes of one image become its detections; `none` where the network suppresses by itself. */
export type Suppression = 'nms' | 'soft-nms' | 'vote' | 'none';

export type ResizeKernel = (typeof resizeKernels)[number];

/** Every setting of detection that changes its result. */
export interface DetectionProtocol {
  readonly scale: ScaleRule;
  readonly resize: ResizeKernel;
  /** Boxes must score above it. */
  readonly scoreFloor: number;
  readonly suppression: Suppression;
  /** A box that overlaps a better one by more is suppressed (or voted in, or decayed). */
  readonly nmsIou: number;
  /** Whether sides count both end pixels in areas and overlaps. */
  readonly nmsConvention: IouConvention;
  /** Best boxes that enter suppression; 0: all. */
  readonly topK: number;
  /** Best boxes that are kept after it; 0: all. */
  readonly keepTopK: number;
  /** The browser that detects decodes the files, too; absent: sharp does, in Node, for every backend alike. */
  readonly decode?: 'browser';
  /** Corruptions of each image before it is detected on; absent: none. A `FaceDetector` takes images that have them. */
  readonly perturb?: Perturbation;
}

/**
 * The protocol of the public RetinaFace WIDER script: original scale, score > 0.02, NMS at IoU 0.4 with the `+ 1`
 * convention, no caps.
 */
export const publicProtocol: DetectionProtocol = {
  scale: { kind: 'original' },
  resize: 'opencv-linear',
  scoreFloor: 0.02,
  suppression: 'nms',
  nmsIou: 0.4,
  nmsConvention: 'pixel',
  topK: 0,
  keepTopK: 0,
};

/**
 * The protocol as it applies to a model.
 *
 * @param asked what the user asked for; what is absent comes from the card's defaults, then from `publicProtocol`; the
 * pyramid votes unless another suppression is asked for.
 * @throws {ProtocolError} if a value is out of range, or a scale is asked of a network of fixed input size.
 */
export function resolveProtocol(asked: Partial<DetectionProtocol>, card: ModelCard): DetectionProtocol {
  const scale = asked.scale ?? publicProtocol.scale;
  if (card.input.size.rule === 'fixed' && scale.kind !== 'original') {
    throw new ProtocolError(
      `model ${card.id} takes inputs of ${card.input.size.widthPx} x ${card.input.size.heightPx} only, so that --scale ${formatScaleRule(scale)} cannot apply; leave --scale out`,
    );
  }
  const protocol: DetectionProtocol = {
    ...publicProtocol,
    ...card.defaults,
    ...defaultSuppression(scale, card),
    ...asked,
    scale,
  };
  for (const [name, value] of [
    ['score floor', protocol.scoreFloor],
    ['NMS IoU', protocol.nmsIou],
  ] as const) {
    if (!(value > 0 && value < 1)) throw new ProtocolError(`${name}: expected a number between 0 and 1, got ${value}`);
  }
  for (const [name, value] of [
    ['top-k', protocol.topK],
    ['keep-top-k', protocol.keepTopK],
  ] as const) {
    if (!Number.isInteger(value) || value < 0) {
      throw new ProtocolError(`${name}: expected a whole number, 0 for no limit, got ${value}`);
    }
  }
  if (protocol.decode !== undefined && protocol.perturb !== undefined) {
    throw new ProtocolError('--decode browser and --perturb: what Node corrupts, Node decodes; leave one of them out');
  }
  return protocol;
}

/** The pyramid is voted on, a union of sizes suppressed once; one pass of a network that suppresses by itself is taken as it is. */
function defaultSuppression(scale: ScaleRule, { decoder }: ModelCard): Partial<DetectionProtocol> {
  if (scale.kind === 'pyramid') return { suppression: 'vote' };
  // What the network suppresses within each pass overlaps between them.
  if (scale.kind === 'long-union') return {};
  return decoder !== undefined && composedForm(decoder).suppressed !== undefined ? { suppression: 'none' } : {};
}

/** The protocol as settings of a record, named as in docs/protocols.md; their hash is part of the protocol id. */
export function detectionSettings(protocol: DetectionProtocol, card: ModelCard): ProtocolSettings {
  const { size } = card.input;
  const fixed = size.rule === 'fixed' ? `fixed:${size.widthPx}x${size.heightPx},${size.fit}` : undefined;
  return {
    scale: fixed ?? formatScaleRule(protocol.scale),
    flip: protocol.scale.kind === 'pyramid',
    resize: protocol.resize,
    scoreFloor: protocol.scoreFloor,
    suppression: protocol.suppression,
    nmsIou: protocol.nmsIou,
    nmsConvention: protocol.nmsConvention,
    topK: protocol.topK,
    keepTopK: protocol.keepTopK,
    ...(protocol.decode === undefined ? {} : { decode: protocol.decode }),
    ...perturbationSettings(protocol.perturb),
    ...cardSettings(card),
  };
}

function perturbationSettings(perturb: Perturbation | undefined): ProtocolSettings {
  if (perturb === undefined) return {};
  return { perturb: formatPerturbation(perturb), ...(isRandom(perturb) ? { perturbSeed: perturb.seed } : {}) };
}
