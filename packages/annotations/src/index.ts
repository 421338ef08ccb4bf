export { writeAnnotations } from './convert/write-annotations.js';
export { type WritePredictionsOptions, writePredictions } from './convert/write-predictions.js';
export { type WrittenCounts, writeSet } from './convert/write-set.js';
export {
  type LoadAnnotationsOptions,
  type LoadedAnnotations,
  loadAnnotations,
} from './load/load-annotations.js';
export {
  type AnnotationsOfPredictions,
  type LoadedPredictions,
  type LoadPredictionsOptions,
  loadPredictions,
} from './load/load-predictions.js';
export type { Category } from './reading/choose-category.js';
export { firstOf, type ImageSizes, sizesOfAnnotations, sizesOfSettings } from './reading/image-sizes.js';
export {
  type AnnotationFormat,
  annotationFormats,
  type BoxForm,
  type BoxUnits,
  boxForms,
  boxUnits,
  type CornerRule,
  cornerRules,
  type FlagOf,
  flagsWith,
  type PredictionFormat,
  predictionFormats,
  type ReadingSettings,
} from './reading/reading.js';
export { describeRecognised, type Recognised } from './reading/recorder.js';
export { recogniseSide, type Side } from './recognise/recognise-side.js';
export type { Annotations, AttributeColumn, LandmarkColumn } from './set/annotations.js';
export { withoutExtension } from './set/image-name.js';
export { type ImageMatch, type MatchRule, matchImages } from './set/match-images.js';
export type { Predictions } from './set/predictions.js';
export { imageFileSize } from './source/image-size.js';
export * from './visit.js';
export { describeLosses, type Loss, type WrittenFile, type WrittenSet } from './writing/written-files.js';
