export { headlineValues } from './baseline/headline.js';
export { appendLine, type BaselineEntry, parseHistory, recordDigest } from './baseline/history.js';
export type { ComparedNumber, Mark } from './compare/compare-records.js';
export { compareTwo, type TwoCompared } from './compare/compare-two.js';
export { describeNumber } from './compare/describe-number.js';
export type { DifferenceInterval, DifferenceSample, PairedDifference } from './difference/difference-interval.js';
export { pairedApDifferences } from './difference/paired-ap.js';
export { escapeMarkdown } from './format/markdown.js';
export { type Allowance, allowances } from './gate/allowance.js';
export type { SettingDifference } from './gate/comparable.js';
export { type ConfiguredRule, defaultGateConfig, type GateConfig, parseGateConfig } from './gate/config.js';
export { describeTests } from './gate/control-errors.js';
export { describeRecord, evaluateGate, reportGate } from './gate/evaluate.js';
export { gateFailureToJunit, gateFailureToMarkdown } from './gate/failure.js';
export { firstBaselineNote, gateToAnnotations, gateToMarkdown } from './gate/github.js';
export { interleavedRules, isInterleaved } from './gate/guards.js';
export {
  type InterleavedNumbers,
  type InterleavedPlan,
  judgeLatency,
  type LatencyDecision,
  sharesOfFalseAlarms,
} from './gate/judge-latency.js';
export { gateToJunit } from './gate/junit.js';
export type { GateReport, GateResult, Level, Verdict } from './gate/result.js';
export type { JudgedDifference, RuleFamily, RuleOptions } from './gate/rule-family.js';
export { buildPageData, type PageInput } from './page/build-page-data.js';
export type {
  GalleryBox,
  GalleryBoxKind,
  GalleryCrop,
  GalleryImage,
  PageData,
  PageRecord,
  SpeedPoint,
} from './page/page-data.js';
export { recordLabels, type SourcedRecord } from './page/record-labels.js';
export { renderMarkdown } from './page/render-markdown.js';
export { type PageAssets, renderPage } from './page/render-page.js';
export {
  comparePublished,
  nearestPublished,
  type PublishedComparison,
  type PublishedRow,
} from './published/compare-published.js';
export { detectionKinds, faceKinds, judgeImage } from './view/judge-image.js';
export { judgedRoom } from './view/judged-room.js';
export { folderOf } from './view/list-images.js';
export { falsePositives } from './view/tally-image.js';
export { totalRun } from './view/total-run.js';
export type { ViewFaces, ViewRun } from './view/view-columns.js';
export { packIndex, type ViewIndex, type ViewRecord } from './view/view-index.js';
