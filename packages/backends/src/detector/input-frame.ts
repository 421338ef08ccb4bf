import { DatasetError } from '@retinabench/core';
import type { InputSize } from '@retinabench/models';
import type { Pass } from './scale-rule.js';

/** Where an image lies in the network's input. */
export interface InputFrame {
  /** Sides of the resized image. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Sides of the input. */
  readonly inputWidthPx: number;
  readonly inputHeightPx: number;
  /** Input pixels left of and above the image. */
  readonly offsetXPx: number;
  readonly offsetYPx: number;
  /** Input pixels per image pixel; boxes are divided by it. */
  readonly scaleX: number;
  readonly scaleY: number;
  readonly mirror: boolean;
}

/** Most pixels of a network's input: 805 MB of float32, before the first layer. */
const largestInputPx = 2 ** 26;

/**
 * Where an image of the given sides lies in the input of a pass, by the card's size rule.
 *
 * @throws {DatasetError} if the input would have more than 2^26 pixels: a strip of 1 x 20,000 pixels does at a short side
 * of 500.
 */
export function frameFor(size: InputSize, pass: Pass, imageWidthPx: number, imageHeightPx: number): InputFrame {
  const frame =
    size.rule === 'fixed'
      ? fixedFrame(size, imageWidthPx, imageHeightPx)
      : scaledFrame(size, pass, imageWidthPx, imageHeightPx);
  if (frame.inputWidthPx * frame.inputHeightPx > largestInputPx) {
    throw new DatasetError(
      `an image of ${imageWidthPx} x ${imageHeightPx} pixels: expected a network input of at most ${largestInputPx} pixels, got ${frame.inputWidthPx} x ${frame.inputHeightPx}; choose another --scale, such as original:4096, or leave the image out`,
    );
  }
  return frame;
}

function scaledFrame(
  size: Exclude<InputSize, { rule: 'fixed' }>,
  pass: Pass,
  imageWidthPx: number,
  imageHeightPx: number,
): InputFrame {
  const multiple = size.rule === 'multiple' ? size.of : 1;
  const whole = (sidePx: number): number => Math.ceil(wholeSide(sidePx * pass.scale, size) / multiple) * multiple;
  const stretched = size.rule === 'multiple' && size.fit === 'stretch';
  const widthPx = stretched ? whole(imageWidthPx) : wholeSide(imageWidthPx * pass.scale, size);
  const heightPx = stretched ? whole(imageHeightPx) : wholeSide(imageHeightPx * pass.scale, size);
  const [inputWidthPx, inputHeightPx] = [whole(imageWidthPx), whole(imageHeightPx)];
  const exact = size.sampling !== 'whole-pixels' && !stretched;
  const centred = size.rule === 'multiple' && size.fit === 'pad-centre' ? 1 : 0;
  return {
    widthPx,
    heightPx,
    inputWidthPx,
    inputHeightPx,
    offsetXPx: Math.floor((inputWidthPx - widthPx) / 2) * centred,
    offsetYPx: Math.floor((inputHeightPx - heightPx) / 2) * centred,
    scaleX: exact ? pass.scale : widthPx / imageWidthPx,
    scaleY: exact ? pass.scale : heightPx / imageHeightPx,
    mirror: pass.mirror,
  };
}

function fixedFrame(
  size: Extract<InputSize, { rule: 'fixed' }>,
  imageWidthPx: number,
  imageHeightPx: number,
): InputFrame {
  const fitted = Math.min(size.widthPx / imageWidthPx, size.heightPx / imageHeightPx);
  const scale = size.enlarge === false ? Math.min(fitted, 1) : fitted;
  const stretched = size.fit === 'stretch';
  const widthPx = stretched ? size.widthPx : Math.min(wholeSide(imageWidthPx * scale, size), size.widthPx);
  const heightPx = stretched ? size.heightPx : Math.min(wholeSide(imageHeightPx * scale, size), size.heightPx);
  const exact = size.sampling !== 'whole-pixels' && !stretched;
  const centred = size.fit === 'letterbox-centre' ? 1 : 0;
  return {
    widthPx,
    heightPx,
    inputWidthPx: size.widthPx,
    inputHeightPx: size.heightPx,
    offsetXPx: Math.floor((size.widthPx - widthPx) / 2) * centred,
    offsetYPx: Math.floor((size.heightPx - heightPx) / 2) * centred,
    scaleX: exact ? scale : widthPx / imageWidthPx,
    scaleY: exact ? scale : heightPx / imageHeightPx,
    mirror: false,
  };
}

/** A side after resizing, made whole as the card says: by default half to even, as OpenCV rounds it. */
function wholeSide(exact: number, { rounding }: InputSize): number {
  return Math.max(rounded(exact, rounding), 1);
}

function rounded(exact: number, rounding: InputSize['rounding']): number {
  const floor = Math.floor(exact);
  switch (rounding) {
    case 'floor':
      return floor;
    case 'half-up':
      return Math.floor(exact + 0.5);
    default:
      return exact - floor === 0.5 ? floor + (floor % 2) : Math.round(exact);
  }
}
