import type { AttributeColumn } from '@retinabench/annotations';
import type { PointScheme } from '../points/point-scheme.js';

/** Points of faces, annotated or predicted, columnar; what a format cannot say is absent. */
export interface LandmarkSet {
  /** File or folder, for messages. */
  readonly place: string;
  readonly faces: number;
  readonly scheme: PointScheme;
  /** Float64Array [faces, points, 2]: (x, y) in pixels of the image, its corner at 0; NaN where a point is not given. */
  readonly points: Float64Array;
  /** What the format calls each point; absent where it counts them alone. */
  readonly pointNames?: readonly string[];
  /** Of predictions: points without names that by their format stand in the order of the annotation, as in results of COCO. */
  readonly pointsAsAnnotated?: boolean;
  /** The images, those without a face among them, each once; absent where the format has rows and no names. */
  readonly images?: readonly string[];
  /** Int32Array [faces]: the image of each face; there where `images` are. */
  readonly imageOf?: Int32Array;
  /** What the format refers to each image by, such as COCO's `id`; and of predictions, that `images` are such ids. */
  readonly imageIds?: readonly (number | string)[];
  readonly namedBy?: 'id';
  /** Uint8Array [faces, points]: 0 not given, 1 given but hidden, 2 visible. */
  readonly visibility?: Uint8Array;
  /** Float64Array [faces, 4]: (x, y, w, h) in pixels; NaN where a face has none. */
  readonly boxesXywh?: Float64Array;
  /** Float64Array [faces]: of detections. */
  readonly scores?: Float64Array;
  /** By name: columns of the format or the user's own, such as `yaw` or `occlusion`. */
  readonly attributes: ReadonlyMap<string, AttributeColumn>;
}
