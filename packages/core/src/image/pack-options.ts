/** How pixels become a network's input. */
export interface PackOptions {
  /** Sides of the image, in pixels. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Sides of the input; at least those of the image plus the offsets. */
  readonly inputWidthPx: number;
  readonly inputHeightPx: number;
  /** Where the image's upper left pixel goes in the input. */
  readonly offsetXPx: number;
  readonly offsetYPx: number;
  readonly layout: 'NCHW' | 'NHWC';
  readonly colourOrder: 'rgb' | 'bgr';
  /** Per channel in `colourOrder`: input = (grey level - mean) * scale. */
  readonly mean: readonly [number, number, number];
  readonly scale: readonly [number, number, number];
  /** Grey level of the padding. */
  readonly padValue: number;
  /** Mirror the image left to right. */
  readonly mirror: boolean;
}
