import { ProtocolError } from '@retinabench/core';
import type { KernelEnum } from 'sharp';
import { loadSharp } from '../image/load-sharp.js';
import type { ImageResizer } from './input-builder.js';
import type { ResizeKernel } from './protocol.js';

const vipsKernels: Readonly<Partial<Record<ResizeKernel, keyof KernelEnum>>> = {
  'vips-nearest': 'nearest',
  'vips-linear': 'linear',
  'vips-cubic': 'cubic',
  'vips-lanczos3': 'lanczos3',
};

/**
 * The resizer of a kernel of libvips, which unlike OpenCV's linear one antialiases when it shrinks.
 *
 * @returns undefined for `opencv-linear`, which the detector computes itself.
 * @throws {ProtocolError} if the kernel is unknown.
 */
export function resizerFor(kernel: ResizeKernel): ImageResizer | undefined {
  if (kernel === 'opencv-linear') return undefined;
  const vipsKernel = vipsKernels[kernel];
  if (vipsKernel === undefined) {
    throw new ProtocolError(
      `resize kernel ${kernel}: expected opencv-linear or one of ${Object.keys(vipsKernels).join(', ')}`,
    );
  }
  return async (image, widthPx, heightPx) => {
    const raw = { width: image.widthPx, height: image.heightPx, channels: 3 as const };
    const data = await loadSharp()(image.data, { raw })
      .resize(widthPx, heightPx, { fit: 'fill', kernel: vipsKernel })
      .raw()
      .toBuffer();
    return new Uint8Array(data.buffer, data.byteOffset, data.length);
  };
}
