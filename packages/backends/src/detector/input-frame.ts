import { DatasetError } from '@retinabench/core';
import type { CardInput } from '@retinabench/models';
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
export function frameFor(size: CardInput['size'], pass: Pass, imageWidthPx: number, imageHeightPx: number): InputFrame {
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
  size: Exclude<CardInput['size'], { rule: 'fixed' }>,
  pass: Pass,
  imageWidthPx: number,
  imageHeightPx: number,
): InputFrame {
  const widthPx = scaledSide(imageWidthPx, pass.scale);
  const heightPx = scaledSide(imageHeightPx, pass.scale);
  const multiple = size.rule === 'multiple' ? size.of : 1;
  return {
    widthPx,
    heightPx,
    inputWidthPx: Math.ceil(widthPx / multiple) * multiple,
    inputHeightPx: Math.ceil(heightPx / multiple) * multiple,
    offsetXPx: 0,
    offsetYPx: 0,
    scaleX: pass.scale,
    scaleY: pass.scale,
    mirror: pass.mirror,
  };
}

function fixedFrame(
  size: Extract<CardInput['size'], { rule: 'fixed' }>,
  imageWidthPx: number,
  imageHeightPx: number,
): InputFrame {
  const scale = Math.min(size.widthPx / imageWidthPx, size.heightPx / imageHeightPx);
  const scaleX = size.fit === 'stretch' ? size.widthPx / imageWidthPx : scale;
  const scaleY = size.fit === 'stretch' ? size.heightPx / imageHeightPx : scale;
  const widthPx = Math.min(scaledSide(imageWidthPx, scaleX), size.widthPx);
  const heightPx = Math.min(scaledSide(imageHeightPx, scaleY), size.heightPx);
  const centred = size.fit === 'letterbox-centre' ? 1 : 0;
  return {
    widthPx,
    heightPx,
    inputWidthPx: size.widthPx,
    inputHeightPx: size.heightPx,
    offsetXPx: Math.floor((size.widthPx - widthPx) / 2) * centred,
    offsetYPx: Math.floor((size.heightPx - heightPx) / 2) * centred,
    scaleX,
    scaleY,
    mirror: false,
  };
}

/** A side after resizing, rounded half to even as OpenCV rounds it. */
function scaledSide(sidePx: number, scale: number): number {
  const exact = sidePx * scale;
  const floor = Math.floor(exact);
  const rounded = exact - floor === 0.5 ? floor + (floor % 2) : Math.round(exact);
  return Math.max(rounded, 1);
}
