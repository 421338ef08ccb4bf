export { type CountedPoints, type FaceErrors, faceErrors } from './error/face-errors.js';
export { faceLengths, type NormaliserName, normalisers } from './error/normaliser.js';
export { type PointScheme, pointScheme, pointSchemes } from './points/point-scheme.js';
export type { LandmarkSet } from './set/landmark-set.js';
export { type ShapedNumbers, setOfArray } from './set/set-of-array.js';
export { toFive } from './set/to-five.js';
export { type BinRule, binFaces, yawBins } from './summary/bins.js';
export { type CumulativeErrors, cumulativeErrors } from './summary/cumulative-errors.js';
export { type ErrorSummary, summariseErrors } from './summary/summarise-errors.js';
