// What scores predictions: no run of a detector and no loss of a network.
export { diagnose } from './diagnosis/diagnose.js';
export type { Diagnosis, DiagnosisCode, DiagnosisInput } from './diagnosis/diagnosis.js';
export type { DiagnosisWords } from './diagnosis/diagnosis-words.js';
export { defaultAtScore } from './evaluate/default-at-score.js';
export { type EvaluationOptions, evaluateWider, type WiderEvaluation } from './evaluate/evaluate.js';
export { warnOfFewImages } from './evaluate/sample-size.js';
export { datasetHashes } from './ground-truth/digest.js';
export { type CountedFaces, groundTruthFromFaces } from './ground-truth/from-faces.js';
export { groundTruthFromText } from './ground-truth/from-text.js';
export { eventOf, type FaceLabel, faceLabels, labelNames, type WiderGroundTruth } from './ground-truth/ground-truth.js';
export { ignoreArealessFaces } from './ground-truth/ignore-arealess.js';
export { loadGroundTruth } from './ground-truth/load.js';
export { restrictGroundTruth } from './ground-truth/restrict.js';
export type { AlignedDetections } from './predictions/align.js';
export {
  type BoxFrame,
  type FrameKind,
  formatBoxFrame,
  type ImageSize,
  parseBoxFrame,
} from './predictions/box-frame.js';
export { type BoxLayout, boxLayouts } from './predictions/box-layout.js';
export { PredictionsBuilder } from './predictions/builder.js';
export {
  type BoxShift,
  convertPredictions,
  type MirroredAxes,
  mirroredAxes,
  type PredictionFormat,
  type ScoreFormat,
  type SizeOf,
  scoreFormats,
} from './predictions/convert.js';
export { dropDuplicates } from './predictions/drop-duplicates.js';
export type { ReadingFinding, ReadingFindingCode } from './predictions/finding.js';
export { type HeaderLines, headerLines } from './predictions/header.js';
export type { ReadingRules } from './predictions/parse-file.js';
export type { WiderPredictions } from './predictions/predictions.js';
export { readAllFields } from './predictions/read-all-fields.js';
export type { FieldColumns } from './predictions/read-fields.js';
export { type FolderRules, readPredictions } from './predictions/read-folder.js';
export { restrictPredictions } from './predictions/restrict.js';
export { type FileShift, parseFileShift, shiftFiles } from './predictions/shift-files.js';
export type { Matches } from './score/match.js';
export { type MatchedPredictions, matchPredictions } from './score/match-predictions.js';
export { type MatchedRun, matchRun } from './score/match-run.js';
export type { ScoreRange } from './score/normalise.js';
export { type ScoringProtocol, scoringProtocol, scoringSettings } from './score/protocol.js';
export { type RuleSet, ruleSets } from './score/rule-sets.js';
export { scoreWider } from './score/score.js';
export { scoreInfluence, type WiderInfluence } from './score/score-influence.js';
