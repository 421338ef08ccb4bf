import type { Placement } from './placement.js';
import type { Rect } from './rect.js';

/** A flat rectangle over part of a face. */
export interface Occluder {
  /** Canvas pixels, whole. */
  readonly rect: Rect;
  readonly colour: readonly [red: number, green: number, blue: number];
}

/** What is done to the whole canvas once everything lies on it. */
export interface Finish {
  /** Standard deviation of a Gaussian blur in pixels; 0 for none. */
  readonly blurSigma: number;
  /** Every sample is multiplied by this, and cut off at 255; 1 for none. */
  readonly gain: number;
  readonly grey: boolean;
  readonly jpeg: {
    readonly quality: number;
    readonly progressive: boolean;
    readonly chromaSubsampling: '4:2:0' | '4:4:4';
  };
}

/** How one image of the embedded data set is made; the truth about it follows from this and the annotations. */
export interface Recipe {
  /** An event folder in WIDER FACE's manner: `2--Crowd`. */
  readonly event: string;
  /** Without extension: `2_Crowd_mini_01`. */
  readonly image: string;
  readonly width: number;
  readonly height: number;
  readonly background: readonly [red: number, green: number, blue: number];
  readonly placements: readonly Placement[];
  readonly occluders: readonly Occluder[];
  readonly finish: Finish;
}
