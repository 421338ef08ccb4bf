/** Side of the ArcFace crop, in pixels. */
export const arcfaceSidePx = 112;

/**
 * Where left eye, right eye, nose tip, left and right mouth corner go in the 112 x 112 crop of ArcFace: [5, 2] (x, y).
 *
 * Source: the alignment of the public ArcFace and IJB scripts.
 */
export const arcfacePoints: readonly number[] = [
  38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655, 70.7299, 92.2041,
];
