import type { RgbImage } from '../image/image.js';

/** Instances of a class that browsers have; `never` where a project does not load the types of the DOM. */
type InstanceOf<Name extends string> = typeof globalThis extends {
  readonly [Each in Name]: { readonly prototype: infer Instance };
}
  ? Instance
  : never;

/**
 * What a page detects on: whatever the browser has decoded. Elements and frames are taken as they are at that moment, in the
 * pixels of the file or camera, whatever size the page shows them in.
 */
export type Picture =
  | RgbImage
  | InstanceOf<'ImageBitmap'>
  | InstanceOf<'ImageData'>
  | InstanceOf<'HTMLImageElement'>
  | InstanceOf<'HTMLVideoElement'>
  | InstanceOf<'HTMLCanvasElement'>
  | InstanceOf<'VideoFrame'>
  | InstanceOf<'OffscreenCanvas'>;
