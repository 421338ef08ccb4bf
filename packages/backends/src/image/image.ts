/** A decoded image: 8-bit RGB, rows from top to bottom, no padding between rows. */
export interface RgbImage {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Uint8Array [height, width, 3]. */
  readonly data: Uint8Array;
}
