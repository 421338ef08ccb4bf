/** A decoded image: 8-bit RGB, rows from top to bottom, no padding between rows. */
export interface RgbImage {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Uint8Array [height, width, 3]. */
  readonly data: Uint8Array;
}

/** A photograph as it was read: its pixels as sharp decodes them, and its file, which a browser may decode itself. */
export interface Photograph {
  readonly pixels: RgbImage;
  readonly file: Uint8Array;
  /** The file's name, for messages. */
  readonly place: string;
}
