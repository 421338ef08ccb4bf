import { packImage, resizeBilinear } from '@retinabench/core';
import type { CardInput } from '@retinabench/models';
import type { Tensor } from '../backend/backend.js';
import type { RgbImage } from '../image/image.js';
import type { InputFrame } from './input-frame.js';
import { sideFeeds } from './side-feeds.js';

/** Resizes an image with a kernel other than OpenCV's linear one: the whole image to the given sides, to 8 bits. */
export type ImageResizer = (image: RgbImage, widthPx: number, heightPx: number) => Promise<Uint8Array>;

/**
 * Builds network inputs in memory that it reuses: the tensor is valid until the next build.
 */
export class InputBuilder {
  #input = new Float32Array(0);
  #resized = new Float32Array(0);

  readonly #card: CardInput;
  /** Absent: OpenCV's linear resize, computed here. */
  readonly #resizer: ImageResizer | undefined;

  readonly #channelsLast: boolean;

  /**
   * @param resizer      of the protocol's kernel; absent: OpenCV's linear resize.
   * @param channelsLast whether the session takes images channels last, whatever the network's layout.
   */
  constructor(card: CardInput, resizer?: ImageResizer, channelsLast = false) {
    this.#card = card;
    this.#resizer = resizer;
    this.#channelsLast = channelsLast && card.layout === 'NCHW';
  }

  /** All that the network is fed for one pass over `image`, by name: the image, and what the card feeds beside it. */
  async feeds(image: RgbImage, frame: InputFrame): Promise<Readonly<Record<string, Tensor>>> {
    const input = { [this.#card.tensor]: await this.build(image, frame) };
    if (this.#card.sides === undefined) return input;
    const sides = sideFeeds(this.#card, {
      inputWidth: frame.inputWidthPx,
      inputHeight: frame.inputHeightPx,
      imageWidth: image.widthPx,
      imageHeight: image.heightPx,
    });
    return { ...input, ...sides };
  }

  /** The image's tensor for one pass over `image`. */
  async build(image: RgbImage, frame: InputFrame): Promise<Tensor> {
    const { inputWidthPx, inputHeightPx } = frame;
    const length = inputWidthPx * inputHeightPx * 3;
    if (this.#input.length < length) this.#input = new Float32Array(length);
    const data = this.#input.subarray(0, length);
    const { layout, colourOrder, mean, scale, size } = this.#card;
    const padValue = size.rule === 'any' ? 0 : size.padValue;
    const packed = {
      ...frame,
      layout: this.#channelsLast ? 'NHWC' : layout,
      colourOrder,
      mean,
      scale,
      padValue,
    } as const;
    packImage(await this.#resize(image, frame), packed, data);
    const dims = layout === 'NCHW' ? [1, 3, inputHeightPx, inputWidthPx] : [1, inputHeightPx, inputWidthPx, 3];
    return { data, dims, ...(this.#channelsLast ? { channelsLast: true as const } : {}) };
  }

  async #resize(image: RgbImage, frame: InputFrame): Promise<Uint8Array | Float32Array> {
    const { widthPx, heightPx } = frame;
    if (image.widthPx === widthPx && image.heightPx === heightPx) return image.data;
    if (this.#resizer !== undefined) return this.#resizer(image, widthPx, heightPx);
    const length = widthPx * heightPx * 3;
    if (this.#resized.length < length) this.#resized = new Float32Array(length);
    return resizeBilinear(
      image.data,
      {
        sourceWidthPx: image.widthPx,
        sourceHeightPx: image.heightPx,
        widthPx,
        heightPx,
        stepX: 1 / frame.scaleX,
        stepY: 1 / frame.scaleY,
      },
      this.#resized.subarray(0, length),
    );
  }
}
