import { DatasetError } from '@retinabench/core';
import type { RgbImage } from '../image/image.js';

/** Rows of RGBA, or of another format that a canvas turns into it. */
export interface ImageDataLike {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
  readonly colorSpace?: string;
}

/** A picture that was looked at: its pixels are there, and where. */
export type InspectedPicture =
  | { readonly form: 'rgb'; readonly image: RgbImage }
  | { readonly form: 'data'; readonly image: ImageDataLike }
  | {
      readonly form: 'drawable';
      readonly kind: string;
      readonly source: object;
      readonly widthPx: number;
      readonly heightPx: number;
    };

/** What of an element or frame says whether it has pixels. */
type Source = object & Readonly<Record<string, unknown>>;

/** The width and height of a drawable, or why it has none yet and what to do. */
type Sides = { readonly widthPx: number; readonly heightPx: number } | { readonly missing: string };

const drawables: Readonly<Record<string, (source: Source) => Sides>> = {
  ImageBitmap: ({ width, height }) => sidesOr(width, height, 'it was closed or transferred; pass one that is open'),
  OffscreenCanvas: ({ width, height }) =>
    sidesOr(width, height, 'its sides are 0, or it was transferred; draw on it first'),
  HTMLCanvasElement: ({ width, height }) => sidesOr(width, height, 'its sides are 0; draw on it first'),
  VideoFrame: ({ displayWidth, displayHeight }) =>
    sidesOr(displayWidth, displayHeight, 'it was closed; pass one that is open'),
  HTMLImageElement: ({ complete, naturalWidth, naturalHeight, currentSrc }) =>
    sidesOr(
      naturalWidth,
      naturalHeight,
      complete !== true
        ? 'it has not loaded; await image.decode() first'
        : currentSrc
          ? `${String(currentSrc).slice(0, 200)} did not load, or has no size of its own; look whether that address gives an image`
          : 'it has no src; set one and await image.decode()',
    ),
  HTMLVideoElement: ({ readyState, videoWidth, videoHeight, error }) =>
    sidesOr(
      Number(readyState) >= 2 ? videoWidth : 0,
      videoHeight,
      error
        ? `its video does not play (${String((error as { message?: string }).message || 'the browser gives no reason')}); look at its source`
        : `it has no frame yet (readyState ${String(readyState)}); wait for its event loadeddata`,
    ),
};

/**
 * Look at what a caller gave as a picture, without reading its pixels. Classes are told by name, so that a picture of another
 * frame of the page counts, too.
 *
 * @throws {DatasetError} if it is no picture, or has no pixels (yet).
 */
export function inspectPicture(picture: unknown): InspectedPicture {
  const kind = Object.prototype.toString.call(picture).slice('[object '.length, -1);
  if (kind === 'ImageData') return { form: 'data', image: picture as ImageDataLike };
  if (Object.hasOwn(drawables, kind)) {
    const sides = drawables[kind](picture as Source);
    if ('missing' in sides) throw new DatasetError(`picture: expected pixels, got a ${kind} without: ${sides.missing}`);
    return { form: 'drawable', kind, source: picture as object, ...sides };
  }
  if (isRgbImage(picture)) return { form: 'rgb', image: picture };
  throw new DatasetError(
    `picture: expected ImageBitmap, ImageData, HTMLImageElement, HTMLVideoElement, HTMLCanvasElement, OffscreenCanvas, VideoFrame or { widthPx, heightPx, data } of RGB, got ${kind === 'Object' ? 'an object without these' : kind}; ${adviceFor(kind)}`,
  );
}

function adviceFor(kind: string): string {
  if (kind === 'Blob' || kind === 'File') return 'await createImageBitmap(file) makes a picture of a file';
  if (kind === 'String' || kind === 'URL') return 'load the address into an <img> and await image.decode()';
  if (kind === 'Promise') return 'await it';
  if (kind === 'MediaStream') return 'set it as srcObject of a <video>, play it and pass that';
  return 'draw it on a canvas and pass that';
}

function isRgbImage(value: unknown): value is RgbImage {
  if (typeof value !== 'object' || value === null) return false;
  const { widthPx, heightPx, data } = value as Partial<RgbImage>;
  return typeof widthPx === 'number' && typeof heightPx === 'number' && data instanceof Uint8Array;
}

function sidesOr(width: unknown, height: unknown, missing: string): Sides {
  const widthPx = Number(width);
  const heightPx = Number(height);
  return widthPx > 0 && heightPx > 0 ? { widthPx, heightPx } : { missing };
}
