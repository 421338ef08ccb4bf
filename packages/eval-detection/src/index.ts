export { analyseErrors, type ErrorAnalysis, type ErrorAnalysisOptions } from './analysis/analyse-errors.js';
export type { CalibrationOptions } from './analysis/calibration-analysis.js';
export { type ClassifiedDetections, classifyDetections, judgeDetections } from './analysis/judge-detections.js';
export type { FaceGroups, TideAnalysisOptions } from './analysis/tide-analysis.js';
export * from './analysis.js';
export { auditLabels, type LabelAudit } from './audit/audit-labels.js';
export { type AuditSettings, type Suspicion, type SuspicionKind, suspicionKinds } from './audit/suspicion.js';
export { type Binning, binnings } from './calibration/bin-edges.js';
export { dealImages } from './calibration/deal-images.js';
export {
  type FitOptions,
  type FittedScoreMap,
  fitScoreMap,
  type MapEffect,
  type MeasuredCalibration,
} from './calibration/fit-score-map.js';
export type { CalibrationSummary, HeldOutCalibration, HeldOutOptions } from './calibration/held-out.js';
export { imageMarks } from './calibration/image-marks.js';
export type { IsotonicSteps } from './calibration/isotonic.js';
export {
  type CountedScores,
  countedScores,
  type Reliability,
  type ReliabilityBin,
  reliability,
} from './calibration/reliability.js';
export { countNewTies, type FittedMap, type ScoreMapKind, scoreMapOf } from './calibration/score-map.js';
export { parseScoreMap, type ScoreMapFile } from './calibration/score-map-file.js';
export { scoreMapKinds } from './calibration/score-map-kinds.js';
export { type ScoreMap, usualTemperatures } from './calibration/temperature.js';
export { type CocoMetrics, type CocoOptions, evaluateCoco } from './coco/evaluate-coco.js';
export type { BreakdownBy } from './evaluate/break-down-all.js';
export { type DetectionSettings, detectionProtocol } from './evaluate/detection-settings.js';
export { diagnoseUnannotated } from './evaluate/diagnose-unannotated.js';
export { digestDetections } from './evaluate/digest-detections.js';
export {
  type DetectionEvaluation,
  type DetectionOptions,
  evaluateDetection,
} from './evaluate/evaluate-detection.js';
export { type Metric, metrics } from './evaluate/metric.js';
export type { AnnotationsCode } from './faces/annotations-code.js';
export { annotationsDigest } from './faces/annotations-digest.js';
export { diagnoseAnnotations } from './faces/diagnose-annotations.js';
export { type EvaluatedFaces, evaluatedFaces } from './faces/evaluated-faces.js';
export { restrictAnnotations } from './faces/restrict-annotations.js';
export { type FaceSettings, type Treatment, treatments } from './faces/treatment.js';
export type { AreaRange, FaceMatches } from './match/match-faces.js';
export { type DetectedBoxes, type MatchingInput, prepareMatching } from './match/prepare-matching.js';
export type { ResamplingOptions } from './resample/draw-images.js';
export { type FoundThreshold, parseWanted, type Wanted } from './thresholds/find-threshold.js';
export type { OperatingCounts, OperatingRates } from './thresholds/operating-curve.js';
export type { OperatingPoint, OperatingRow } from './thresholds/operating-points.js';
export type { ClassifiedErrors, TideInput } from './tide/classify.js';
export type { TideResult } from './tide/decompose.js';
export { decodeTypes, errorOfLetter } from './tide/encode-types.js';
export { type DetectionType, detectionTypes, type ErrorTotal, type ErrorType } from './tide/error-types.js';
export { type TideRule, type TideSettings, tideRules, usualTideSettings } from './tide/tide-settings.js';
