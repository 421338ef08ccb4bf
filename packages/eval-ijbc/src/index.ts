export type { Diagnosis, DiagnosisCode } from './diagnosis/diagnosis.js';
export { diagnoseEnrolments } from './diagnosis/enrolments.js';
export { diagnoseFoldPairs } from './diagnosis/fold-pairs.js';
export { diagnoseFoldRows, type FoldCheck } from './diagnosis/fold-rows.js';
export { diagnoseGroupRows } from './diagnosis/group-rows.js';
export { diagnoseIdentification } from './diagnosis/identification.js';
export { diagnoseImages } from './diagnosis/images.js';
export { diagnosePairs, type PairCheck } from './diagnosis/pairs.js';
export { diagnoseRates, type RateCheck } from './diagnosis/rates.js';
export { diagnoseScores, type ScoreCheck } from './diagnosis/scores.js';
export { diagnoseZeroTemplates } from './diagnosis/templates.js';
export { digestFiles } from './evaluate/digest.js';
export { type InspectedRows, inspectRows } from './evaluate/inspect-rows.js';
export { loadPairSet, type Pairing, type PairSet, type PairSetOptions } from './evaluate/pair-set.js';
export { type FeatureFiles, type PooledFiles, poolFiles } from './evaluate/pool-files.js';
export { type LabelList, readLabels, readScores } from './evaluate/score-files.js';
export { type Extraction, extractFeatures } from './extract/extract.js';
export type { ExtractOptions } from './extract/extract-options.js';
export {
  type ExtractionAbout,
  type ExtractionFiles,
  type ExtractionIdentity,
  type ModelIdentity,
  type OtherMachine,
  readExtraction,
} from './extract/extraction.js';
export { extractionBuild } from './extract/extraction-build.js';
export { type ExtractionCards, type ExtractionChoice, extractionSettings } from './extract/extraction-settings.js';
export { assertOwnFeatures } from './extract/finished-extraction.js';
export { imageFile } from './extract/image-file.js';
export type { ExtractImage, ExtractInit, ExtractResult, ExtractTask, ModelFile } from './extract/worker.js';
export { extractionWorker } from './extract/worker-module.js';
export { correctPairs } from './folds/correct-pairs.js';
export {
  type DistancePairs,
  evaluateFolds,
  type Fold,
  type FoldEvaluation,
  type FoldMean,
} from './folds/evaluate-folds.js';
export { type FeatureRows, pairDistances } from './folds/pair-distances.js';
export { type FoldPairs, readFoldPairs } from './folds/read-fold-pairs.js';
export { groupsOfTemplates, type TemplateGroups } from './groups/groups-of-templates.js';
export { type GroupKey, type GroupTable, readGroups } from './groups/read-groups.js';
export { acrossGroups, type GroupedPairs, verifyGroups } from './groups/verify-groups.js';
export {
  fpirCurve,
  fpirTargets,
  type GalleryResult,
  type Identification,
  identify,
  ranks,
  type Searches,
} from './identify/identify.js';
export { identifyLegacy } from './identify/legacy.js';
export { type ProbeResampling, type ResampledIdentification, resampleIdentification } from './identify/resample.js';
export type { SearchInput } from './identify/search.js';
export { describeFolders, type FolderMeta, type FolderOptions, type Person } from './meta/describe-folders.js';
export { type Enrolment, type EnrolmentFile, readEnrolment, type SubjectConflict } from './meta/enrolment.js';
export { findMeta, type MetaFiles } from './meta/find.js';
export { type ImageList, readImages } from './meta/images.js';
export { type PairList, readPairs } from './meta/pairs.js';
export { type PointList, readPoints } from './meta/points.js';
export { ensureTemplateSet } from './mini/ensure-template-set.js';
export { type ScoreOptions, scorePairs } from './score/score-pairs.js';
export { type FeatureSource, npyFeatures } from './template/features.js';
export type { RowLayout } from './template/halves.js';
export { indexTemplates, type TemplateIndex } from './template/index-templates.js';
export {
  type CodeScript,
  type PoolingOptions,
  parsePoolingCode,
  poolingCodes,
  publishedPooling,
} from './template/options.js';
export { type PoolingInput, poolTemplates } from './template/pool.js';
export { type PairIndices, resolvePairs } from './template/resolve-pairs.js';
export type { Templates } from './template/templates.js';
export { type ScoredTwice, type TarDifference, tarDifference } from './verify/difference.js';
export { farTargets, pickPoints, type ThresholdRule, thresholdRules } from './verify/pick.js';
export { type DrawnVerification, resampledVerification } from './verify/resampled.js';
export { type Subjects, subjectsOfPairs } from './verify/subjects.js';
export type { RocCurve, ScoreHistogram } from './verify/summary.js';
export { farTargetValues, type SubjectResampling, type TarTable, type Verification, verify } from './verify/verify.js';
