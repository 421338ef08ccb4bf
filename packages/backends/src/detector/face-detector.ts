import { flipBoxes, flipLandmarks, ModelError, ShapeError } from '@retinabench/core';
import { denseValues, type ModelCard, type PointSet, pointSetOf } from '@retinabench/models';
import type { Session } from '../backend/backend.js';
import { Turns } from '../backend/turns.js';
import { assertCardFits } from '../decoders/assert-card-fits.js';
import { Candidates } from '../decoders/candidates.js';
import type { Decoder } from '../decoders/decoder.js';
import { decoderFor } from '../decoders/select.js';
import type { RgbImage } from '../image/image.js';
import type { Detections } from './detections.js';
import { type ImageResizer, InputBuilder } from './input-builder.js';
import { frameFor, type InputFrame } from './input-frame.js';
import type { DetectionProtocol } from './protocol.js';
import { passesOf } from './scale-rule.js';
import { Suppressor } from './suppress.js';

/** Milliseconds that one detection spent in each stage, summed over its passes. */
export interface StageTimes {
  /** Resizing, colour order, mean, scale and padding. */
  resizeMs: number;
  /** The network. */
  inferMs: number;
  /** Score filter, decoding and suppression. */
  postprocessMs: number;
  /** The whole of the detector, where it runs in a browser: what is measured around it would count the way there. */
  totalMs?: number;
  /** Decoding, where the browser decodes. */
  decodeMs?: number;
}

/**
 * A face detector: preprocessing, a session and postprocessing, configured by the model's card and the protocol alone.
 * It reuses its memory, so that a stream of images of one size allocates little more than its results; calls wait for each
 * other.
 */
export class FaceDetector {
  readonly #input: InputBuilder;
  readonly #decode: Decoder;
  readonly #candidates = new Candidates();
  readonly #turns = new Turns();
  readonly #suppressor: Suppressor;
  readonly #card: ModelCard;
  readonly #session: Session;
  readonly #protocol: DetectionProtocol;
  /** All points of the card, where they are given beside the landmarks. */
  readonly #points: PointSet | undefined;

  /**
   * @param session of the card's model; the detector does not dispose it.
   * @param protocol as `resolveProtocol` gives it.
   * @param resizer of the protocol's kernel (`resizerFor`); absent for `opencv-linear`.
   * @throws {ModelError} if the card is not that of a detector, or does not fit the network (assertCardFits).
   */
  constructor(card: ModelCard, session: Session, protocol: DetectionProtocol, resizer?: ImageResizer) {
    this.#card = card;
    this.#session = session;
    this.#protocol = protocol;
    if (card.decoder === undefined) {
      throw new ModelError(
        `model ${card.id}: a detector's card has a decoder, this one (${card.task}) has none; choose a detector`,
      );
    }
    assertCardFits(card, session);
    this.#input = new InputBuilder(card.input, resizer, session.takesChannelsLast);
    this.#decode = decoderFor(card.decoder);
    // Of a mirrored face nobody knows which point is which unless the names say it.
    const points = pointSetOf(card);
    this.#points = protocol.scale.kind === 'pyramid' && points?.mirrored === undefined ? undefined : points;
    const denseFrame = card.decoder.kind === 'retinaface' ? card.decoder.denseFrame : undefined;
    this.#suppressor = new Suppressor(protocol, denseFrame);
  }

  /**
   * Find the faces of one image, after those of the calls before it. Its pixels are read when its turn comes.
   *
   * @param times receives the time of each stage, added to what it holds.
   * @throws {ShapeError} if the image's length does not fit its sides.
   * @throws {ModelError} if a number of the network's outputs is not finite.
   * @throws {BackendError} if the runtime fails.
   */
  async detect(image: RgbImage, times?: StageTimes): Promise<Detections> {
    const { widthPx, heightPx, data } = image;
    if (!(widthPx > 0 && heightPx > 0) || data.length !== widthPx * heightPx * 3) {
      throw new ShapeError(
        `detect: expected RGB pixels of ${widthPx} x ${heightPx}, that is ${widthPx * heightPx * 3} bytes, got ${data.length}`,
      );
    }
    return this.#turns.take(() => this.#detect(image, times));
  }

  async #detect(image: RgbImage, times: StageTimes | undefined): Promise<Detections> {
    const { widthPx, heightPx } = image;
    const { decoder } = this.#card;
    const hasDense = decoder?.kind === 'retinaface' && decoder.outputs.dense !== undefined;
    this.#candidates.clear(this.#card.landmarks, hasDense ? denseValues : 0, 2 * (this.#points?.count ?? 0));
    for (const pass of passesOf(this.#protocol.scale, widthPx, heightPx)) {
      await this.#runPass(image, frameFor(this.#card.input.size, pass, widthPx, heightPx), times);
    }
    const startedMs = performance.now();
    const detections = this.#suppressor.run(this.#candidates);
    if (times) times.postprocessMs += performance.now() - startedMs;
    return detections;
  }

  async #runPass(image: RgbImage, frame: InputFrame, times: StageTimes | undefined): Promise<void> {
    const startedMs = performance.now();
    const feeds = await this.#input.feeds(image, frame);
    const builtMs = performance.now();
    const tensors = await this.#session.run(feeds);
    const inferredMs = performance.now();
    const from = this.#candidates.count;
    const { inputWidthPx, inputHeightPx } = frame;
    const place = `model ${this.#card.id}`;
    this.#decode({ tensors, inputWidthPx, inputHeightPx, place }, this.#protocol.scoreFloor, this.#candidates);
    this.#toImagePixels(from, frame);
    this.#candidates.dropDegenerate(from);
    if (times) {
      times.resizeMs += builtMs - startedMs;
      times.inferMs += inferredMs - builtMs;
      times.postprocessMs += performance.now() - inferredMs;
    }
  }

  /** Carry the rows from `from` on from pixels of the network's input to pixels of the image. */
  #toImagePixels(from: number, frame: InputFrame): void {
    const boxes = this.#candidates.boxesXyxy.subarray(from * 4);
    const landmarks = this.#card.landmarks ? this.#candidates.landmarks.subarray(from * 10) : new Float32Array(0);
    const anchors = this.#candidates.anchorsXyxy.subarray(from * 4);
    const points = this.#candidates.points.subarray(from * this.#candidates.pointValues);
    for (const xy of [boxes, landmarks, points, anchors]) {
      for (let at = 0; at < xy.length; at += 2) {
        xy[at] = (xy[at] - frame.offsetXPx) / frame.scaleX;
        xy[at + 1] = (xy[at + 1] - frame.offsetYPx) / frame.scaleY;
      }
    }
    if (frame.mirror) {
      const widthPx = frame.widthPx / frame.scaleX;
      flipBoxes(boxes, widthPx, boxes);
      flipLandmarks(landmarks, widthPx, landmarks);
      if (this.#points?.mirrored !== undefined) flipPoints(points, this.#points.mirrored, widthPx);
      // Corners keep their order: what is left in the mirrored image is right in the original.
      for (let at = 0; at < anchors.length; at += 2) anchors[at] = widthPx - anchors[at];
    }
  }
}

/** Carry points back from the mirrored image, in place: x becomes width - x, and left and right change places. */
function flipPoints(points: Float32Array, mirrored: readonly number[], widthPx: number): void {
  const perFace = mirrored.length * 2;
  for (let face = 0; face < points.length; face += perFace) {
    const own = points.slice(face, face + perFace);
    mirrored.forEach((to, from) => {
      points[face + to * 2] = widthPx - own[from * 2];
      points[face + to * 2 + 1] = own[from * 2 + 1];
    });
  }
}
