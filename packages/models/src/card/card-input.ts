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
