import { anchorPresets, cachedAnchors, ModelError, ProtocolError } from '@retinabench/core';
import type { CardDecoder, ModelCard } from '@retinabench/models';
import type { Session } from '../backend/backend.js';
import { assertCardFits } from '../decoders/assert-card-fits.js';
import { outputMatrix } from '../decoders/decoder.js';
import type { RgbImage } from '../image/image.js';
import { type ImageResizer, InputBuilder } from './input-builder.js';
import { frameFor, type InputFrame } from './input-frame.js';
import { passesOf, type ScaleRule } from './scale-rule.js';

/** What the heads of RetinaFace give for one image, before decoding. Valid until the next read. */
export interface ImageHeads {
  /** Where the image lies in the input; annotations are carried into it by its scale and offset. */
  readonly frame: InputFrame;
  /** [N, 4] (cx, cy, w, h) in input pixels. Shared: do not write. */
  readonly anchors: Float32Array;
  /** [N, 2] (background, face) before the softmax, up to a constant per anchor. */
  readonly logits: Float32Array;
  /** [N, 4]. */
  readonly boxes: Float32Array;
  /** [N, 10]; absent for a model without landmarks. */
  readonly landmarks?: Float32Array;
}

/**
 * Runs a RetinaFace model for its raw heads, with the preprocessing of FaceDetector: what a loss needs, where detections
 * are not enough. Not re-entrant.
 */
export class HeadReader {
  readonly decoder: Extract<CardDecoder, { kind: 'retinaface' }>;
  readonly #input: InputBuilder;
  readonly #anchorsOf: (widthPx: number, heightPx: number) => Float32Array;
  #logits = new Float32Array(0);
  readonly #card: ModelCard;
  readonly #session: Session;
  readonly #scale: ScaleRule;

  /**
   * @param session of the card's model; the reader does not dispose it.
   * @param scale   a rule of one pass.
   * @param resizer as for FaceDetector.
   * @throws {ModelError} if the model's outputs are not those of RetinaFace, or the card does not fit the network.
   * @throws {ProtocolError} if the rule makes several passes, of which no single loss can be taken.
   */
  constructor(card: ModelCard, session: Session, scale: ScaleRule, resizer?: ImageResizer) {
    this.#card = card;
    this.#session = session;
    this.#scale = scale;
    if (card.decoder?.kind !== 'retinaface') {
      throw new ModelError(
        `model ${card.id}: expected the outputs of RetinaFace (class scores, box and landmark offsets over anchors), got ${card.decoder?.kind ?? 'no detector'}; choose a RetinaFace model`,
      );
    }
    if (scale.kind === 'pyramid' || scale.kind === 'long-union') {
      throw new ProtocolError(
        `scale rule: expected a single pass, got ${scale.kind === 'pyramid' ? 'the pyramid' : 'a union of sizes'}; choose original, vga, long or short`,
      );
    }
    assertCardFits(card, session);
    this.decoder = card.decoder;
    this.#input = new InputBuilder(card.input, resizer);
    this.#anchorsOf = cachedAnchors(anchorPresets[card.decoder.anchors]);
  }

  /**
   * @throws {ModelError}, {ShapeError} if the outputs are not what the card promises, or not finite.
   * @throws {BackendError} if the runtime fails.
   */
  async read(image: RgbImage): Promise<ImageHeads> {
    const [pass] = passesOf(this.#scale, image.widthPx, image.heightPx);
    const frame = frameFor(this.#card.input.size, pass, image.widthPx, image.heightPx);
    const feeds = await this.#input.feeds(image, frame);
    const tensors = await this.#session.run(feeds);
    const { inputWidthPx, inputHeightPx } = frame;
    const outputs = { tensors, inputWidthPx, inputHeightPx, place: `model ${this.#card.id}` };
    const anchors = this.#anchorsOf(inputWidthPx, inputHeightPx);
    const count = anchors.length / 4;
    const names = this.decoder.outputs;
    const scores = this.#finite(outputMatrix(outputs, names.scores, count, 2), names.scores);
    const boxes = this.#finite(outputMatrix(outputs, names.boxes, count, 4), names.boxes);
    const logits = this.decoder.softmaxApplied ? this.#logarithms(scores) : scores;
    if (names.landmarks === undefined) return { frame, anchors, logits, boxes };
    const landmarks = this.#finite(outputMatrix(outputs, names.landmarks, count, 10), names.landmarks);
    return { frame, anchors, logits, boxes, landmarks };
  }

  #finite(values: Float32Array, name: string): Float32Array {
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at < 0) return values;
    throw new ModelError(
      `model ${this.#card.id}: output ${name}[${at}]: expected a finite number, got ${values[at]}; the model or the backend is broken, compare backends with retinabench parity`,
    );
  }

  /** Logits whose softmax is `probabilities`: their logarithms, a probability of 0 taken as the smallest float32. */
  #logarithms(probabilities: Float32Array): Float32Array {
    if (this.#logits.length < probabilities.length) this.#logits = new Float32Array(probabilities.length);
    const logits = this.#logits.subarray(0, probabilities.length);
    for (let at = 0; at < logits.length; at++) logits[at] = Math.log(Math.max(probabilities[at], 2 ** -149));
    return logits;
  }
}
