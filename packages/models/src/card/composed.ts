/** Where numbers lie in the network's outputs. */
export interface ValueSource {
  /** The output that holds all levels one after the other, or one output per level, in the order of the levels. */
  readonly tensor: string | readonly string[];
  /**
   * What the axes of the output are, slowest first: `n` candidates, `v` values of one candidate, `h` and `w` rows and
   * columns of the map, `k` anchors of a cell, `1` an axis of length 1 (leading ones may be left out), and axes merged
   * in parentheses: `1 (k v) h w` is a map whose channels are the values of anchor 0, then those of anchor 1. Default `n v`.
   */
  readonly axes?: string;
  /** Index of the first value that is read. Without it the output must hold these values and no others. */
  readonly at?: number;
}

/** Functions of one number. */
export const activations = ['none', 'sigmoid', 'exp', 'relu'] as const;
export type ValueActivation = (typeof activations)[number];

/**
 * What a coordinate is measured in: pixels of the network's input, fractions of its sides, strides of the level, sides of
 * the anchor, or (landmarks) sides of the decoded box.
 */
export const units = ['pixels', 'input', 'stride', 'anchor', 'box'] as const;
export type Unit = (typeof units)[number];

/**
 * How one number t of the output becomes a coordinate or a length, in pixels of the network's input:
 * origin + ((factor * activation(gain * t))^power + add) * unit.
 */
export interface ValueRule {
  readonly unit: Unit;
  /** Default 1. */
  readonly gain?: number;
  /** Default `none`. */
  readonly activation?: ValueActivation;
  /** Default 1. */
  readonly factor?: number;
  /** Default 1. */
  readonly power?: number;
  /** Default 0. */
  readonly add?: number;
}

/** A rule with what is added to it: nothing, the candidate's point (landmarks also: the decoded box's upper left corner or centre). */
export interface PositionRule extends ValueRule {
  /** Default `zero`. */
  readonly origin?: 'zero' | 'point' | 'box' | 'box-centre';
}

/**
 * One number of each candidate: a probability after its activation. `softmax` runs over the `classes` values;
 * `softmax-of-maxima` over two, the largest of the classes that are not kept and the largest of those that are (S3FD).
 */
export interface ScoreFactor extends ValueSource {
  /** Values of a candidate that belong to this factor. Default 1. */
  readonly classes?: number;
  /** Classes that are faces; the best of them counts. Needed where `classes` is above 1. */
  readonly keep?: readonly number[];
  /** Default `none`. */
  readonly activation?: 'none' | 'sigmoid' | 'softmax' | 'softmax-of-maxima';
  /** Clip the result to 0..1. Default false. */
  readonly clamp?: boolean;
}

/** How confident the network is of a candidate. */
export interface ComposedScores {
  /** One factor, or several: class times objectness. */
  readonly factors: readonly ScoreFactor[];
  /** Default `product`. */
  readonly combine?: 'product' | 'geometric-mean';
  /** Keep only cells that are the largest of a window of so many cells each way (a heat map). */
  readonly peaks?: number;
}

/** Where the candidate's box is. */
export interface ComposedBoxes {
  /** One source of four values, two of two, or four of one, in the order of `values`. */
  readonly from: readonly ValueSource[];
  /**
   * What the four values are, in the order of the output: a permutation of `x1 y1 x2 y2` (corners), `cx cy w h` (centre
   * and size), `x1 y1 w h` (corner and size) or `left top right bottom` (distances from the point to the sides).
   */
  readonly values: string;
  /** Of corners and centres. Needed where `values` names one. */
  readonly position?: PositionRule;
  /** Of widths, heights and distances. Needed where `values` names one. */
  readonly size?: ValueRule;
  /** Each value is the expectation of a softmax over so many bins 0, 1, 2 ... (distribution focal loss). */
  readonly bins?: number;
  /** Sides count both end pixels: x2 = x1 + w - 1, about the same centre. Default false. */
  readonly inclusive?: boolean;
  /** Clip boxes to the network's input. Default false. */
  readonly clamp?: boolean;
}

/** Index of a point, or of several whose mean counts. */
export type PointOrMean = number | readonly number[];

/** Points of the candidate's face. */
export interface ComposedLandmarks {
  readonly from: ValueSource;
  readonly points: number;
  /** Numbers of one point in the order of the output: `x y`, `y x`, `x y v` (v is not read) ... Default `x y`. */
  readonly values?: string;
  /** `point`: all numbers of a point side by side; `axis`: first one number of every point, then the next. Default `point`. */
  readonly arrangement?: 'point' | 'axis';
  readonly position: PositionRule;
  /** Names of the points, in the order of the output; for people. */
  readonly names?: readonly string[];
  /**
   * Which points are the left eye, the right eye, the nose tip and the left and right corners of the mouth, as seen in
   * the image; a list is averaged. Needed where the card's `landmarks` is true, unless there are five points in this order.
   */
  readonly alignment?: readonly [
    leftEye: PointOrMean,
    rightEye: PointOrMean,
    nose: PointOrMean,
    leftMouth: PointOrMean,
    rightMouth: PointOrMean,
  ];
}

/**
 * One anchor shape: the side of a square, [width, height], or an object for anchors that stand `density` times each way in
 * their cell, at (i + shift) / density of the cell (FaceBoxes: shift 0); all in input pixels.
 */
export type AnchorShape =
  | number
  | readonly [widthPx: number, heightPx: number]
  | { readonly widthPx: number; readonly heightPx: number; readonly density: number; readonly shift?: number };

/** One map of the network. */
export interface ComposedLevel {
  /** Input pixels from one cell to the next. */
  readonly stride: number;
  /** The anchors of a cell, in output order. */
  readonly anchors?: readonly AnchorShape[];
  /** Candidates of a cell without anchors. Default 1. */
  readonly points?: number;
}

/** Where the candidates stand, if the network's numbers are relative to that. */
export interface ComposedGeometry {
  /** Maps in output order. */
  readonly levels?: readonly ComposedLevel[];
  /** Instead of levels: every anchor as [cx, cy, w, h], in output order. */
  readonly list?: readonly (readonly [cx: number, cy: number, w: number, h: number])[];
  /** Unit of `list`. Default `pixels`. */
  readonly listUnit?: 'pixels' | 'input';
  /** The candidate's point in its cell: 0 is the cell's upper left corner, 0.5 its centre. Default 0.5. */
  readonly pointInCell?: number;
  /** Instead: pixels from the cell's corner, the same on every level. */
  readonly pointPx?: number;
  /** Nesting of flattened candidates of a level, outermost first, of `h`, `w`, `k`. Default `h w k`: row by row, the anchors of a cell side by side. */
  readonly order?: string;
  /** Cells along a side that the stride does not divide: rounded up or down. Default `ceil`. */
  readonly cells?: 'ceil' | 'floor';
  /** Clip centre and size of every anchor to the input. Default false. */
  readonly clampAnchors?: boolean;
}

/** The network suppresses by itself; nothing is suppressed afterwards. */
export interface SuppressedInGraph {
  /** Output of one number: how many rows count. Without it all do, short of the score floor. */
  readonly count?: string;
  /** Output [M] or [M, c] whose last column says which candidates count, as ONNX's NonMaxSuppression gives it. */
  readonly indices?: string;
}

/** A decoder put together from where scores come from, where boxes come from, and over which geometry. */
export interface ComposedDecoder {
  readonly kind: 'composed';
  /** Absent: the outputs are boxes already. */
  readonly geometry?: ComposedGeometry;
  readonly scores: ComposedScores;
  readonly boxes: ComposedBoxes;
  readonly landmarks?: ComposedLandmarks;
  readonly suppressed?: SuppressedInGraph;
}
