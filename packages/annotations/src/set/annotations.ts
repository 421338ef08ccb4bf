/** Points of faces, columnar. */
export interface LandmarkColumn {
  /** What each point is, in order: `left-eye`, or `0`, `1` ... where the format does not name them. */
  readonly names: readonly string[];
  /** Float64Array [faces, names, 2]: (x, y) in pixels of the image; NaN where a point is not given. */
  readonly points: Float64Array;
  /** Uint8Array [faces, names]: 0 not given, 1 given but hidden, 2 visible; absent where the format does not say. */
  readonly visibility?: Uint8Array;
}

/** A value of every face, by which results can be broken down. */
export type AttributeColumn =
  | { readonly kind: 'word'; readonly values: readonly (string | undefined)[] }
  | { readonly kind: 'number'; readonly values: Float64Array };

/**
 * Annotated faces of a set of images, columnar: face f belongs to the image i with start[i] <= f < start[i + 1].
 * Every format that is read ends here; what a format cannot say is absent.
 */
export interface Annotations {
  /** Path of each image below its root, parts joined by `/`, as the format gives it; no name occurs twice. */
  readonly images: readonly string[];
  /** The number or word by which the format refers to each image, such as COCO's `id`; absent where it uses the path. */
  readonly ids?: readonly (number | string)[];
  /** Int32Array [images, 2]: (width, height) in pixels, 0 where the format does not say. */
  readonly sizesPx: Int32Array;
  /** Int32Array [images + 1]. */
  readonly start: Int32Array;
  /** Float64Array [faces, 4]: (x, y, w, h), continuous pixels from the image's corner, no `+ 1`. */
  readonly boxesXywh: Float64Array;
  /** Float64Array [faces]: COCO's `area`; absent: w x h. */
  readonly areasPx?: Float64Array;
  /** Uint8Array [faces], 1 where the annotation says that the face is a crowd (`iscrowd`), that it shall not count (`ignore`), that it is `difficult`. */
  readonly crowd: Uint8Array;
  readonly ignored: Uint8Array;
  readonly difficult: Uint8Array;
  readonly landmarks?: LandmarkColumn;
  /** By name: columns of the format, such as `blur`, `occlusion`, `truncated`, or the user's own. */
  readonly attributes: ReadonlyMap<string, AttributeColumn>;
}
