// What is said of detections that are matched already, but TIDE and calibration, which few ask for.
export { analyseOperating, type OperatingOptions } from './analysis/operating-analysis.js';
export { type JudgedDetections, outcomeOf } from './calibration/judged-detections.js';
export { defaultFaceSettings } from './faces/treatment.js';
