import {
  type BoxFrame,
  describeBoxFrame,
  formatBoxFrame,
  frameToImage,
  type ImageSize,
} from '../../predictions/box-frame.js';
import { type BoxLayout, boxLayoutNames } from '../../predictions/box-layout.js';
import type { BoxShift, MirroredAxes, PredictionFormat } from '../../predictions/convert.js';

/** One way to read the four numbers of a box. */
export interface BoxReading {
  readonly layout: BoxLayout;
  /** Factor to pixels of the image; 1 where a frame says it. */
  readonly scale: number;
  readonly frame?: BoxFrame;
  readonly mirrored: MirroredAxes;
  /** What is added to x and y, pixels of the image. */
  readonly shift?: BoxShift;
}

/** Boxes as the layout of submissions has them. */
export const asGiven: BoxReading = { layout: 'xywh', scale: 1, mirrored: 'none' };

/** The conversion that undoes a reading. */
export function formatOf({ layout, scale, frame, mirrored, shift }: BoxReading): PredictionFormat {
  return {
    boxes: layout,
    boxScale: scale,
    mirrored,
    ...(frame === undefined ? {} : { boxFrame: frame }),
    ...(shift === undefined ? {} : { boxShift: shift }),
  };
}

/** The flags that undo a reading. */
export function flagsOf({ layout, scale, frame, mirrored, shift }: BoxReading): string {
  return [
    layout === 'xywh' ? '' : `--boxes ${layout}`,
    scale === 1 ? '' : `--box-scale ${scale}`,
    frame === undefined ? '' : `--box-frame ${formatBoxFrame(frame)}`,
    mirrored === 'none' ? '' : `--mirrored ${mirrored}`,
    shift === undefined ? '' : `--box-shift ${shift.x},${shift.y}`,
  ]
    .filter((flag) => flag !== '')
    .join(' ');
}

const mirrorNames: Readonly<Record<MirroredAxes, string>> = {
  none: '',
  x: 'mirrored, left and right exchanged',
  y: 'flipped upside down',
  xy: 'rotated by 180 degrees (flipped in both directions)',
};

/** In words, what the boxes are. */
export function describeReading({ layout, scale, frame, mirrored, shift }: BoxReading): string {
  return [
    layout === 'xywh' ? '' : boxLayoutNames[layout],
    scale === 1 ? '' : `in pixels of images resized by 1/${scale} (a factor of ${scale} brings them back)`,
    frame === undefined ? '' : describeBoxFrame(frame),
    mirrorNames[mirrored],
    shift === undefined ? '' : `shifted by ${-shift.x} pixels in x and ${-shift.y} in y`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** In how many respects a reading differs from what the layout asks for; of equal readings the simplest holds. */
export function complexityOf({ layout, scale, frame, mirrored, shift }: BoxReading): number {
  const plainLayouts = ['xywh', 'xyxy', 'cxcywh'];
  const own = layout === 'xywh' ? 0 : plainLayouts.includes(layout) ? 1 : 1.5;
  const framed = frame === undefined ? 0 : frame.kind === 'corner' || frame.kind === 'stretch' ? 1.1 : 1.3;
  const again = frame !== undefined && frame.times !== 1 ? 1 : 0;
  return (
    own +
    (scale === 1 ? 0 : 1) +
    framed +
    again +
    (mirrored === 'none' ? 0 : mirrored === 'x' ? 1 : 1.2) +
    (shift === undefined ? 0 : 1.2)
  );
}

/** The map of a reading from its coordinates, layout aside, to pixels of an image; undefined where a size is needed. */
export function readingToImage(
  { scale, frame, shift }: BoxReading,
  size: ImageSize | undefined,
): { scaleX: number; scaleY: number; shiftX: number; shiftY: number } | undefined {
  if (frame === undefined) return { scaleX: scale, scaleY: scale, shiftX: shift?.x ?? 0, shiftY: shift?.y ?? 0 };
  return size === undefined ? undefined : frameToImage(frame, size);
}
