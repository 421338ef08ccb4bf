import type { BoxFrame, FrameKind, ImageSize } from '../../predictions/box-frame.js';

/**
 * A family of frames with one size that is not known: x of the image = x * perX / size + shiftX, and y likewise, where
 * perX and perY follow from the sides of the image.
 */
export interface FrameFamily {
  /** Undefined: no frame but one factor for all images. */
  readonly kind?: FrameKind;
  readonly times: 1 | 2 | -1;
  /** Whether width and height of the frame are two sizes. */
  readonly twoSizes: boolean;
  /** The sides that the family is made of; undefined where the size of the image is needed and not known. */
  perSide(size: ImageSize | undefined): PerSide | undefined;
}

/** See `FrameFamily`. */
export interface PerSide {
  readonly perX: number;
  readonly perY: number;
  readonly shiftX: number;
  readonly shiftY: number;
}

const sized =
  (of: (w: number, h: number) => readonly [number, number, number?, number?]): FrameFamily['perSide'] =>
  (size) => {
    if (size === undefined) return undefined;
    const [perX, perY, shiftX = 0, shiftY = 0] = of(size.widthPx, size.heightPx);
    return { perX, perY, shiftX, shiftY };
  };

const even = (of: (w: number, h: number) => number): FrameFamily['perSide'] => sized((w, h) => [of(w, h), of(w, h)]);

/** Half of what the longer side has more than each. */
const bars = (w: number, h: number): [number, number] => [-(Math.max(w, h) - w) / 2, -(Math.max(w, h) - h) / 2];

/** All families with an unknown size, the likelier first. */
export const frameFamilies: readonly FrameFamily[] = [
  { times: 1, twoSizes: false, perSide: () => ({ perX: 1, perY: 1, shiftX: 0, shiftY: 0 }) },
  { kind: 'corner', times: 1, twoSizes: false, perSide: even(Math.max) },
  { kind: 'stretch', times: 1, twoSizes: true, perSide: sized((w, h) => [w, h]) },
  {
    kind: 'letterbox',
    times: 1,
    twoSizes: false,
    perSide: sized((w, h) => [Math.max(w, h), Math.max(w, h), ...bars(w, h)]),
  },
  { kind: 'short', times: 1, twoSizes: false, perSide: even(Math.min) },
  { kind: 'width', times: 1, twoSizes: false, perSide: even((w) => w) },
  { kind: 'height', times: 1, twoSizes: false, perSide: even((_, h) => h) },
  { kind: 'crossed', times: 1, twoSizes: true, perSide: sized((w, h) => [h, w]) },
  { kind: 'across', times: 1, twoSizes: true, perSide: sized((w) => [w, 1]) },
  { kind: 'down', times: 1, twoSizes: true, perSide: sized((_, h) => [1, h]) },
  { kind: 'corner', times: -1, twoSizes: false, perSide: even((w, h) => 1 / Math.max(w, h)) },
  { kind: 'corner', times: 2, twoSizes: false, perSide: even((w, h) => Math.max(w, h) ** 2) },
  { kind: 'stretch', times: -1, twoSizes: true, perSide: sized((w, h) => [1 / w, 1 / h]) },
  { kind: 'stretch', times: 2, twoSizes: true, perSide: sized((w, h) => [w ** 2, h ** 2]) },
];

const square = (kind: FrameKind, sizes: readonly number[]): BoxFrame[] =>
  sizes.map((size) => ({ kind, width: size, height: size, times: 1 }));

const oblong = (kind: FrameKind, sizes: readonly (readonly [number, number])[]): BoxFrame[] =>
  sizes.map(([width, height]) => ({ kind, width, height, times: 1 }));

const oblongSizes = [
  [640, 480],
  [480, 640],
  [320, 240],
  [640, 384],
  [640, 360],
  [1280, 720],
  [1280, 736],
  [1920, 1080],
  [800, 600],
] as const;

/** Fractions of the sides of the image. */
export const normalised: BoxFrame = { kind: 'stretch', width: 1, height: 1, times: 1 };

const usualSizes = [128, 160, 255, 256, 300, 320, 416, 480, 512, 600, 608, 640, 800, 960, 1000, 1024, 1280, 1333];

/** Frames of the sizes that detectors take mostly, for samples too small to measure a size. */
export const usualFrames: readonly BoxFrame[] = [
  ...(['corner', 'letterbox', 'stretch'] as const).flatMap((kind) => square(kind, usualSizes)),
  ...oblong('stretch', oblongSizes),
];

/** Frames in use whose size no vote finds. */
export const fixedFrames: readonly BoxFrame[] = [
  { kind: 'padded', width: 1, height: 1, times: 1 },
  ...square('stride', [320, 416, 480, 512, 608, 640, 800, 960, 1024, 1280]),
  ...oblong('letterbox', oblongSizes),
  ...oblong('corner', oblongSizes),
  { kind: 'short', width: 1600, height: 1600, longest: 2150, times: 1 },
  { kind: 'short', width: 1200, height: 1200, longest: 1600, times: 1 },
  { kind: 'short', width: 1024, height: 1024, longest: 1980, times: 1 },
  { kind: 'short', width: 800, height: 800, longest: 1333, times: 1 },
  { kind: 'short', width: 800, height: 800, longest: 1200, times: 1 },
  { kind: 'short', width: 600, height: 600, longest: 1000, times: 1 },
];
