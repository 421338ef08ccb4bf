/** Width and height of images, where the form of the annotations or predictions does not say them. */
export interface ImageSizes {
  /** What they come from, for messages: `sizes.csv`, `the images in DIR`. */
  readonly from: string;
  /** Width and height in pixels; undefined if not known. @param name path of the image, with or without extension. */
  sizeOf(name: string): readonly [widthPx: number, heightPx: number] | undefined;
}

/** No sizes are known. */
export const noSizes: ImageSizes = { from: 'nothing', sizeOf: () => undefined };
