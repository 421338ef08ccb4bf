import { ProtocolError } from '@retinabench/core/basics';

/** Width and height of an image in pixels. */
export interface ImageSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** How an image was brought into the frame that box coordinates are relative to. */
export type FrameKind =
  | 'stretch'
  | 'crossed'
  | 'corner'
  | 'letterbox'
  | 'stride'
  | 'short'
  | 'width'
  | 'height'
  | 'across'
  | 'down'
  | 'padded';

const frameKinds: readonly FrameKind[] = [
  'stretch',
  'crossed',
  'corner',
  'letterbox',
  'stride',
  'short',
  'width',
  'height',
  'across',
  'down',
  'padded',
];

/** The frame that box coordinates are relative to. */
export interface BoxFrame {
  /**
   * `stretch`: each side resized to that of the frame (of 1 x 1: fractions). `crossed`: x in units of the height and y in
   * units of the width. `corner`: the image resized to fit and put into the top left corner. `letterbox`: the same with
   * bars on both sides. `stride`: bars on both sides only up to a multiple of 32. `short`, `width`, `height`: that side
   * resized to the frame's. `across`, `down`: x alone, or y alone, in units of a frame of that width or height. `padded`: the image as it is, in the middle of a square of its longer side.
   */
  readonly kind: FrameKind;
  /** Width and height of the frame; equal but for `stretch`, `crossed`, `corner` and `letterbox`. */
  readonly width: number;
  readonly height: number;
  /** `short`: the most that the longer side becomes. */
  readonly longest?: number;
  /**
   * How often the resizing stands in the numbers: 1, not undone; 2, done again where it should have been undone; -1,
   * undone twice. Other than 1 for `stretch` and `corner` alone.
   */
  readonly times: 1 | 2 | -1;
}

/** x of the image = scaleX * x + shiftX, y likewise. */
export interface FrameToImage {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly shiftX: number;
  readonly shiftY: number;
}

/**
 * The map from coordinates of a frame to pixels of an image.
 *
 * Resized sides are not rounded to whole pixels: tools differ in that, by less than a pixel.
 * Cost: O(1).
 */
export function frameToImage({ kind, width, height, longest, times }: BoxFrame, size: ImageSize): FrameToImage {
  const { widthPx: w, heightPx: h } = size;
  const even = (scale: number, shiftX = 0, shiftY = 0): FrameToImage => ({
    scaleX: scale,
    scaleY: scale,
    shiftX,
    shiftY,
  });
  const fit = Math.max(w / width, h / height);
  switch (kind) {
    case 'stretch':
      return { scaleX: (w / width) ** times, scaleY: (h / height) ** times, shiftX: 0, shiftY: 0 };
    case 'crossed':
      return { scaleX: h / height, scaleY: w / width, shiftX: 0, shiftY: 0 };
    case 'corner':
      return even(fit ** times);
    case 'letterbox':
      return even(fit, -(width * fit - w) / 2, -(height * fit - h) / 2);
    case 'stride': {
      const bar = (side: number, frame: number): number => (((frame - side / fit) % 32) * fit) / 2;
      return even(fit, -bar(w, width), -bar(h, height));
    }
    case 'short':
      return even(Math.max(Math.min(w, h) / width, longest === undefined ? 0 : Math.max(w, h) / longest));
    case 'width':
      return even(w / width);
    case 'height':
      return even(h / height);
    case 'across':
      return { scaleX: w / width, scaleY: 1, shiftX: 0, shiftY: 0 };
    case 'down':
      return { scaleX: 1, scaleY: h / height, shiftX: 0, shiftY: 0 };
    case 'padded':
      return even(1, -(Math.max(w, h) - w) / 2, -(Math.max(w, h) - h) / 2);
  }
}

/** As `--box-frame` takes it: `stretch:640x480`, `letterbox:640`, `short:1600,2150`, `corner:640:twice`, `padded`. */
export function formatBoxFrame({ kind, width, height, longest, times }: BoxFrame): string {
  if (kind === 'padded') return kind;
  const size = `${width}${height === width ? '' : `x${height}`}${longest === undefined ? '' : `,${longest}`}`;
  return `${kind}:${size}${times === 1 ? '' : times === 2 ? ':twice' : ':undone'}`;
}

/**
 * The frame that a text names; `normalised` is `stretch:1`.
 *
 * @throws {ProtocolError} if the text is none.
 */
export function parseBoxFrame(text: string): BoxFrame {
  if (text === 'padded') return { kind: 'padded', width: 1, height: 1, times: 1 };
  const full = text.replace(/^normali[sz]ed(?=:|$)/, 'stretch').replace(/^stretch$/, 'stretch:1');
  const [, kind, width, height, longest, times] =
    /^([a-z]+):(\d+(?:\.\d+)?)(?:x(\d+(?:\.\d+)?))?(?:,(\d+))?(?::(twice|undone))?$/.exec(full) ?? [];
  const known = frameKinds.find((one) => one === kind && one !== 'padded');
  const twoSided = known === 'stretch' || known === 'crossed' || known === 'corner' || known === 'letterbox';
  const repeatable = known === 'stretch' || known === 'corner';
  if (
    known === undefined ||
    !(Number(width) > 0 && Number(height ?? 1) > 0 && Number(longest ?? 1) > 0) ||
    (height !== undefined && !twoSided) ||
    (longest !== undefined && known !== 'short') ||
    (times !== undefined && !repeatable)
  ) {
    throw new ProtocolError(
      `box frame: expected normalised, padded, or ${frameKinds.filter((one) => one !== 'padded').join(', ')} with a size (stretch:640x480, letterbox:640, short:1600,2150), got ${JSON.stringify(text)}`,
    );
  }
  return {
    kind: known,
    width: Number(width),
    height: Number(height ?? width),
    ...(longest === undefined ? {} : { longest: Number(longest) }),
    times: times === undefined ? 1 : times === 'twice' ? 2 : -1,
  };
}

/** In words: `in a 640 x 640 letterbox with bars on both sides`. */
export function describeBoxFrame(frame: BoxFrame): string {
  const { kind, width, height, longest, times } = frame;
  const area = `${width} x ${height}`;
  const again = times === 1 ? '' : times === 2 ? ', resized once more instead of back' : ', brought back twice';
  switch (kind) {
    case 'stretch':
      return `${width === height && width <= 1 ? 'normalised (fractions of the sides of the image, 0 to 1)' : `of the image stretched to ${area} (or normalised to 0..${width})`}${again}`;
    case 'crossed':
      return `normalised by the wrong sides, x by the height and y by the width${width === 1 ? '' : `, to ${area}`}`;
    case 'corner':
      if (width === height && width <= 1) return `normalised by the longer side of the image (0 to 1)${again}`;
      return width === height
        ? `of the image with its longer side resized to ${width}, as in the corner of a ${area} letterbox${again}`
        : `in the corner of a ${area} letterbox${again}`;
    case 'letterbox':
      return width === height && width <= 1
        ? 'normalised (0 to 1) in a square letterbox with bars on both sides'
        : `in a ${area} letterbox with bars on both sides`;
    case 'stride':
      return `in a ${area} letterbox with bars up to a multiple of 32`;
    case 'short':
      return `of the image with its shorter side resized to ${width}${longest === undefined ? '' : `, the longer to at most ${longest}`}`;
    case 'width':
      return `of the image resized to the width ${width}`;
    case 'height':
      return `of the image resized to the height ${height}`;
    case 'across':
      return `stretched along x alone, to the width ${width}`;
    case 'down':
      return `stretched along y alone, to the height ${height}`;
    case 'padded':
      return 'of the image padded to a square on both sides';
  }
}
