export type { Annotations, AttributeColumn, LandmarkColumn } from './set/annotations.js';
export type { Predictions } from './set/predictions.js';
