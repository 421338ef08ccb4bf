import { DatasetError } from '@retinabench/core';
import type { RgbImage } from '../image/image.js';
import { type ImageDataLike, inspectPicture } from './inspect-picture.js';
import type { Picture } from './picture.js';

/** The part of a canvas that pixels are read through. */
interface Canvas {
  width: number;
  height: number;
  getContext(kind: '2d', options: { willReadFrequently: true }): Context | null;
}
interface Context {
  drawImage(source: object, x: number, y: number, widthPx: number, heightPx: number): void;
  putImageData(image: ImageDataLike, x: number, y: number): void;
  getImageData(x: number, y: number, widthPx: number, heightPx: number): ImageDataLike;
}
interface Canvases {
  readonly OffscreenCanvas?: new (widthPx: number, heightPx: number) => Canvas;
  readonly document?: { createElement(name: 'canvas'): Canvas };
}

/**
 * Reads the pixels of pictures as RGB. Colours come as sRGB; transparency is dropped, as where files are decoded in Node, and
 * colours that had been multiplied by it come back rounded. It keeps one canvas, so that the frames of a video cost no new one.
 */
export class PixelReader {
  #canvas: Canvas | undefined;

  /**
   * @returns Uint8Array [height, width, 3] of its own.
   * @throws {DatasetError} if it is no picture, has no pixels yet, is of another origin that does not allow reading it, or
   * larger than a canvas may be.
   */
  read(picture: Picture): RgbImage {
    const inspected = inspectPicture(picture);
    if (inspected.form === 'rgb') return inspected.image;
    if (inspected.form === 'data') {
      const { image } = inspected;
      const plain = image.data instanceof Uint8ClampedArray && (image.colorSpace ?? 'srgb') === 'srgb';
      if (plain) return withoutAlpha(image);
      return this.#through(image.width, image.height, 'ImageData', (context) => context.putImageData(image, 0, 0));
    }
    const { source, kind, widthPx, heightPx } = inspected;
    return this.#through(widthPx, heightPx, kind, (context) => context.drawImage(source, 0, 0, widthPx, heightPx));
  }

  #through(widthPx: number, heightPx: number, kind: string, draw: (context: Context) => void): RgbImage {
    this.#canvas ??= newCanvas();
    const canvas = this.#canvas;
    try {
      // Also clears what the picture before left.
      canvas.width = widthPx;
      canvas.height = heightPx;
      const context = canvas.getContext('2d', { willReadFrequently: true });
      if (context === null) throw new Error('the browser has no canvas of that size');
      draw(context);
      return withoutAlpha(context.getImageData(0, 0, widthPx, heightPx));
    } catch (cause) {
      // A canvas that took a picture of another origin never gives its pixels again.
      this.#canvas = undefined;
      throw unreadable(kind, widthPx, heightPx, cause);
    }
  }
}

/** Why the pixels of a picture cannot be had, with what to do. */
export function unreadable(kind: string, widthPx: number, heightPx: number, cause: unknown): DatasetError {
  const { name, message } = cause as Error;
  // Reading a picture of another origin is a SecurityError, sending it to a worker a DataCloneError.
  const reason =
    name === 'SecurityError' || name === 'DataCloneError'
      ? "it holds pixels of another origin, which the browser does not let a page read; serve them with Access-Control-Allow-Origin and set crossOrigin = 'anonymous' on the element before its src"
      : `${message}; pass one that is open and of a size that a canvas can have`;
  return new DatasetError(`picture: the pixels of this ${kind} of ${widthPx} x ${heightPx} cannot be read: ${reason}`, {
    cause,
  });
}

function newCanvas(): Canvas {
  const { OffscreenCanvas: Offscreen, document } = globalThis as Canvases;
  if (Offscreen) return new Offscreen(1, 1);
  if (document) return document.createElement('canvas');
  throw new DatasetError(
    'picture: expected a browser, which reads the pixels; in Node use decodeImage of @retinabench/backends',
  );
}

function withoutAlpha({ width, height, data: rgba }: ImageDataLike): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    data[to] = rgba[from];
    data[to + 1] = rgba[from + 1];
    data[to + 2] = rgba[from + 2];
  }
  return { widthPx: width, heightPx: height, data };
}
