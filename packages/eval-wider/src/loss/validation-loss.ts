import type { ImageHeads } from '@retinabench/backends';
import {
  type AnchorLayout,
  countAnchors,
  DatasetError,
  type Matches,
  type MultiTaskLoss,
  type MultiTaskOptions,
  multiTaskLoss,
  positivesByFace,
  positivesByLevel,
} from '@retinabench/core';
import { heightBin, heightBins } from '../evaluate/breakdown.js';
import type { WiderGroundTruth } from '../ground-truth/ground-truth.js';
import { annotationsInInput } from './annotations.js';

/** How the faces of one bin of height fare in matching. */
export interface HeightPositives {
  /** Annotated faces with area. */
  faces: number;
  /** Positive anchors of these faces. */
  positives: number;
  /** Faces that an anchor answers for by its IoU. */
  matched: number;
  /** Faces whose only anchor is the one that they claimed below the threshold. */
  claimed: number;
  /** Faces that no anchor answers for: nothing teaches the network to find them. */
  without: number;
}

/** The loss of a data set, and where its positive anchors lie. */
export interface ValidationLossResult {
  readonly images: number;
  /** `total` and the terms, as in multiTaskLoss. */
  readonly loss: Readonly<Record<'total' | 'classification' | 'box' | 'landmark', number>>;
  readonly positives: number;
  readonly annotatedPositives: number;
  readonly negatives: number;
  /** Positive anchors by stride, in the order of the layout. */
  readonly byLevel: readonly { readonly stride: number; readonly positives: number }[];
  /** By height of the face in the image, in the order of heightBins; bins without faces too. */
  readonly byHeight: readonly (HeightPositives & { readonly bin: string })[];
}

/**
 * The multi-task loss of a model over a data set, image after image: that of one batch of all images, so that it depends
 * neither on their order nor on a batch size. Each term is the sum over all images, over the positives of all images.
 *
 * Memory: that of one image.
 */
export class ValidationLoss {
  readonly #sums = { classification: 0, box: 0, landmark: 0 };
  readonly #levels: Float64Array;
  readonly #heights: HeightPositives[] = heightBins.map(() => ({
    faces: 0,
    positives: 0,
    matched: 0,
    claimed: 0,
    without: 0,
  }));
  #images = 0;
  #positives = 0;
  #annotatedPositives = 0;
  #negatives = 0;

  readonly #layout: AnchorLayout;
  readonly #options: MultiTaskOptions;

  constructor(layout: AnchorLayout, options: MultiTaskOptions) {
    this.#layout = layout;
    this.#options = options;
    this.#levels = new Float64Array(layout.levels.length);
  }

  /** Add image `image` of `groundTruth`, for which the network gave `heads`. */
  add(heads: ImageHeads, groundTruth: WiderGroundTruth, image: number): void {
    const { frame, anchors } = heads;
    const faces = annotationsInInput(groundTruth, image, frame);
    const loss = multiTaskLoss(heads, anchors, [faces], this.#options);
    this.#addTerms(loss);
    const anchorsOfLevel = this.#layout.levels.map((level) =>
      countAnchors({ ...this.#layout, levels: [level] }, frame.inputWidthPx, frame.inputHeightPx),
    );
    positivesByLevel(loss.matches[0].faceOfAnchor, anchorsOfLevel).forEach((positives, level) => {
      this.#levels[level] += positives;
    });
    this.#addFaces(loss.matches[0], groundTruth, image);
  }

  /**
   * The loss of what was added.
   *
   * @throws {DatasetError} if no anchor was positive: there is nothing to divide by.
   */
  result(): ValidationLossResult {
    if (this.#positives === 0) {
      throw new DatasetError(
        `validation loss: expected at least one positive anchor, got none in ${this.#images} images; are the annotated faces those of these images, and of a size that the model's anchors cover?`,
      );
    }
    const { weights, landmarkDivisor } = this.#options;
    const divisor = landmarkDivisor === 'positives' ? this.#positives : Math.max(this.#annotatedPositives, 1);
    const classification = this.#sums.classification / this.#positives;
    const box = this.#sums.box / this.#positives;
    const landmark = this.#sums.landmark / divisor;
    const total = weights.classification * classification + weights.box * box + weights.landmark * landmark;
    return {
      images: this.#images,
      loss: { total, classification, box, landmark },
      positives: this.#positives,
      annotatedPositives: this.#annotatedPositives,
      negatives: this.#negatives,
      byLevel: this.#layout.levels.map(({ stride }, level) => ({ stride, positives: this.#levels[level] })),
      byHeight: heightBins.map((bin, index) => ({ bin, ...this.#heights[index] })),
    };
  }

  /** Undo the normalisation of one image. */
  #addTerms(loss: MultiTaskLoss): void {
    const divisor = Math.max(loss.positives, 1);
    const byPositives = this.#options.landmarkDivisor === 'positives';
    this.#sums.classification += loss.classification * divisor;
    this.#sums.box += loss.box * divisor;
    this.#sums.landmark += loss.landmark * (byPositives ? divisor : Math.max(loss.annotatedPositives, 1));
    this.#images++;
    this.#positives += loss.positives;
    this.#annotatedPositives += loss.annotatedPositives;
    this.#negatives += loss.negatives;
  }

  #addFaces(matches: Matches, { start, boxesXywh }: WiderGroundTruth, image: number): void {
    const { positiveIou, equality } = this.#options.match;
    positivesByFace(matches).forEach((positives, face) => {
      const at = 4 * (start[image] + face);
      if (!(boxesXywh[at + 2] > 0 && boxesXywh[at + 3] > 0)) return;
      const height = this.#heights[heightBin(boxesXywh[at + 3])];
      const iou = matches.bestIouOfFace[face];
      height.faces++;
      height.positives += positives;
      if (positives === 0) height.without++;
      else if (equality === 'above' ? iou > positiveIou : iou >= positiveIou) height.matched++;
      else height.claimed++;
    });
  }
}
