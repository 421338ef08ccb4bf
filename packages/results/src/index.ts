export { type ApDifference, apDifference, differencePValue } from './ap/ap-difference.js';
export { apInterval, influenceInterval } from './ap/ap-interval.js';
export { averagePrecision, thresholdCount } from './ap/average-precision.js';
export { type BootstrapOptions, bootstrapAp, percentileInterval } from './ap/bootstrap.js';
export { columnInfluence, influenceColumn, isLowerBetter } from './ap/detection-influence.js';
export { fewImages } from './ap/few-images.js';
export type { FewLosses } from './ap/few-losses.js';
export { apOfCurve, type Curve, curvesOfImages, type ImageCurves, sumCurves, sumCurvesOf } from './ap/image-curves.js';
export { type ApInfluence, apInfluence } from './ap/influence.js';
export { detectionOutcome, interpolatedAp, interpolatedApOfHits } from './ap/interpolated-ap.js';
export { pairedDetectionDifference } from './ap/paired-detection-difference.js';
export { pairedDifference } from './ap/paired-difference.js';
export { encodePoints } from './ap/points.js';
export { type RankedOutcomes, rankedInfluence } from './ap/ranked-influence.js';
export type { Finding } from './diagnosis/finding.js';
export { type FoldDifference, foldDifference } from './folds/fold-difference.js';
export { encodeBits } from './folds/pair-bits.js';
export { type CumulativeErrors, cumulativeErrors } from './landmarks/cumulative-errors.js';
export { errorDraws } from './landmarks/error-draws.js';
export { type LandmarkDifference, landmarkDifference } from './landmarks/landmark-difference.js';
export { summariseErrors } from './landmarks/summarise-errors.js';
export { type CandidatePairs, candidatePairs, type FaceBoxes } from './match/candidate-pairs.js';
export { cocoIouThresholds } from './match/coco-thresholds.js';
export { type FaceRoles, matchDetections, matchListed, rankedWithPairs } from './match/match-detections.js';
export { type DetectionRanges, type RankedDetections, rankDetections } from './match/rank-detections.js';
export { stableDescending } from './match/stable-descending.js';
export { acceptRecord, assertRecord, parseRecord } from './reading/parse.js';
export type { BrowserEnvironment } from './record/browser-environment.js';
export type { DetectTiming } from './record/detect-timing.js';
export type {
  DetectionImages,
  DetectionPoint,
  DetectionResult,
  InfluenceColumn,
  RecallGrid,
} from './record/detection-result.js';
export { differingSettings } from './record/differing-settings.js';
export { contentDigest, type TextDigest } from './record/digest.js';
export type {
  CalibrationAnalysis,
  CalibrationBin,
  CalibrationErrors,
  OperatingPointResult,
  OperatingTable,
  Resampling,
  TideAnalysis,
  TideCounts,
  TideGroup,
  TideLoss,
} from './record/error-analysis.js';
export type { FoldPairsResult } from './record/fold-pairs.js';
export type { GroupErrors, GroupRates } from './record/group-rates.js';
export type { Interval } from './record/interval.js';
export type { LandmarkImage, LandmarkResult, LandmarkSummary } from './record/landmark-result.js';
export type { LoadOfOthers } from './record/load-of-others.js';
export type { MatrixCellResult, MatrixDifference, MatrixResult } from './record/matrix-result.js';
export type { ParityResult } from './record/parity-result.js';
export { type ProtocolSettings, protocolId } from './record/protocol-id.js';
export type { RatioToFirst } from './record/ratio-to-first.js';
export type {
  BreakdownBin,
  FailureGroup,
  ImageResult,
  LatencyStatistics,
  RecordKind,
  ResultRecord,
  TarAtFar,
} from './record/record.js';
export type { Resampled } from './record/resampled.js';
export { recordSchema, settingSchema } from './record/schema.js';
export { type Split, splits } from './record/split.js';
export { clopperPearsonInterval } from './stats/clopper-pearson.js';
export { type DrawsDifference, drawsDifference, type PairedDraws } from './stats/draws-difference.js';
export { holm } from './stats/holm.js';
export { intervalHolding } from './stats/interval-holding.js';
export { countOutliers, summariseLatency, timeQuantiles } from './stats/latency.js';
export { type PairedRatio, pairedRatio } from './stats/paired-ratio.js';
export { quantile } from './stats/quantile.js';
export { rankTimes, roundsToRank, type TimeRank } from './stats/rank-times.js';
export {
  judgeSlowdown,
  type SlowdownJudgement,
  type SlowdownOptions,
  slowdownLooks,
} from './stats/sequential-slowdown.js';
export type { Spread } from './stats/spread.js';
export { twoSidedT } from './stats/student-t.js';
export { roundUp, tellableLoss, unitsToDecide } from './stats/units-to-decide.js';
export { upperNormal } from './stats/upper-normal.js';
export { formatCount } from './text/format-count.js';
export { formatShare } from './text/format-share.js';
