import { type CropTemplate, cropTemplatePoints, ModelError, ShapeError } from '@retinabench/core';
import type { CardInput } from './card-input.js';

/** (x, y) of left eye, right eye, nose tip, left and right mouth corner; left and right as in the picture. */
export type FivePoints = readonly [Point, Point, Point, Point, Point];
type Point = readonly [x: number, y: number];

/**
 * How the crop for an embedder is cut. `template` and `points` bring five landmarks (left eye, right eye, nose tip, left and
 * right mouth corner) to places in the crop by a similarity transform, drawn bilinearly on black; `square` cuts an upright
 * square around eyes and mouth (face-api, dlib); `box` cuts the detected box, made square and enlarged. The last two are
 * resized to the input's sides where it has fixed ones.
 */
export type CropRule =
  | { readonly rule: 'template'; readonly template: CropTemplate }
  /** In pixels of the input. */
  | { readonly rule: 'points'; readonly points: FivePoints }
  | { readonly rule: 'square' }
  /** `margin` is added on each side, as a share of the square's side. */
  | { readonly rule: 'box'; readonly margin: number };

/** What becomes of the feature of the mirrored crop: added, written behind the other, or not made. */
export const flipRules = ['add', 'concat', 'none'] as const;
export type FlipRule = (typeof flipRules)[number];

/** What an embedder was trained with, beside the numbers of its input. */
export interface CardEmbedding {
  /** Default: `template` arcface for an input of fixed sides, `square` for one of any. */
  readonly crop?: CropRule;
  /** Default `add`. */
  readonly flip?: FlipRule;
}

/** A crop rule with the sides and places that it comes to for one input. */
export type CropPlan =
  | {
      readonly kind: 'points';
      /** [5, 2] (x, y), in pixels of the crop. */
      readonly points: readonly number[];
      readonly widthPx: number;
      readonly heightPx: number;
    }
  /** Without sides: as it is cut. */
  | { readonly kind: 'square'; readonly sides?: CropSides }
  | { readonly kind: 'box'; readonly margin: number; readonly sides?: CropSides };

/** Sides that a crop is resized to, in pixels. */
export interface CropSides {
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * How crops for an embedder are cut.
 *
 * @param place the card's name, for messages.
 * @throws {ModelError} if the rule has no crop of the input's sides.
 */
export function cropPlanOf(
  { size }: Pick<CardInput, 'size'>,
  embedding: CardEmbedding | undefined,
  place: string,
): CropPlan {
  const sides = size.rule === 'fixed' ? { widthPx: size.widthPx, heightPx: size.heightPx } : undefined;
  const { crop = sides === undefined ? { rule: 'square' } : { rule: 'template', template: 'arcface' } } =
    embedding ?? {};
  if (crop.rule === 'square' || crop.rule === 'box') {
    const resized = sides === undefined ? {} : { sides };
    return crop.rule === 'square' ? { kind: 'square', ...resized } : { kind: 'box', margin: crop.margin, ...resized };
  }
  if (sides === undefined) {
    throw new ModelError(
      `${place}: embedding.crop: expected an input of fixed sides for five points, got size rule ${size.rule}; say the sides in input.size, or cut a square or the box`,
    );
  }
  if (crop.rule === 'points') return { kind: 'points', points: crop.points.flat(), ...sides };
  try {
    return { kind: 'points', points: cropTemplatePoints(crop.template, sides), ...sides };
  } catch (cause) {
    if (!(cause instanceof ShapeError)) throw cause;
    throw new ModelError(
      `${place}: embedding.crop: ${cause.message} with {"rule": "points", "points": [[x, y], ... of all five]}, or cut a square or the box`,
      { cause },
    );
  }
}
