// Errors, calibration and operating points of detections that are matched already.
export { analyseErrors, type ErrorAnalysis, type ErrorAnalysisOptions } from './analysis/analyse-errors.js';
export { type JudgedDetections, outcomeOf } from './calibration/judged-detections.js';
export { defaultFaceSettings, type FaceSettings, type Treatment, treatments } from './faces/treatment.js';
