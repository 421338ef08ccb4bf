export type {
  Availability,
  Backend,
  BackendId,
  RuntimeId,
  Session,
  SessionOptions,
  Tensor,
  Tolerance,
} from './backend/backend.js';
export { parseBrowserBackend } from './backend/browser-name.js';
export { type DeviceName, deviceNames, withDevice } from './backend/device-name.js';
export type { NetworkSignature, TensorSignature } from './backend/network-signature.js';
export type { RecordedRun } from './backend/recording-session.js';
export { type BenchInit, type BenchStage, benchStages } from './bench/messages.js';
export { type BatchInit, type BatchOptions, type BatchResult, runBatches } from './bench/run-batches.js';
export { type BenchOptions, type BenchResult, runBench } from './bench/run-bench.js';
export { runScenario, type Scenario, type ScenarioOptions, type ScenarioResult } from './bench/run-scenario.js';
export {
  runThroughput,
  type ThroughputInit,
  type ThroughputOptions,
  type ThroughputResult,
} from './bench/run-throughput.js';
export { mostLateOf, serverTrials } from './bench/server-rate.js';
export { type BenchSize, parseBenchSize } from './bench/size.js';
export { assertCardFits } from './decoders/assert-card-fits.js';
export type { OutputRole } from './decoders/expected-outputs.js';
export type { DenseDetections, Detections } from './detector/detections.js';
export { FaceDetector, type StageTimes } from './detector/face-detector.js';
export { HeadReader, type ImageHeads } from './detector/head-reader.js';
export type { FileDetections, ImageDetector } from './detector/image-detector.js';
export type { ImageResizer } from './detector/input-builder.js';
export type { InputFrame } from './detector/input-frame.js';
export {
  type DetectionProtocol,
  detectionSettings,
  type ResizeKernel,
  resolveProtocol,
  type Suppression,
} from './detector/protocol.js';
export { resizeKernels } from './detector/resize-kernels.js';
export { parseScaleRules } from './detector/scale-list.js';
export { formatScaleRule, parseScaleRule, type ScaleRule } from './detector/scale-rule.js';
export { type SideValues, sideFeeds } from './detector/side-feeds.js';
export { resizerFor } from './detector/vips-resizer.js';
export { cardEvidence } from './draft/card-evidence.js';
export { draftCard } from './draft/draft-card.js';
export type { DraftImage } from './draft/draft-image.js';
export type { CardDraft, DraftTask, EvidenceRow } from './draft/draft-task.js';
export type { FaceEvidence } from './draft/face-evidence.js';
export type { InputBase } from './draft/raw-runs.js';
export { describeSize } from './draft/try-sizes.js';
export { decodeImage } from './image/decode.js';
export type { Photograph, RgbImage } from './image/image.js';
export { readImageFile } from './image/read-image-file.js';
export type { Layer } from './parity/expose-layers.js';
export { type Departure, firstDeparture, type ReferenceLayers, referenceLayers } from './parity/first-departure.js';
export type { ParityModel } from './parity/image-runner.js';
export type { OutputBounds } from './parity/output-bounds.js';
export { apTolerance, unmatchedShare } from './parity/parity-limits.js';
export { type Contender, ParityRun } from './parity/run-parity.js';
export type { Movement } from './perturb/carry-boxes.js';
export { type PerturbedImage, perturbImage } from './perturb/perturb-image.js';
export {
  formatPerturbation,
  type Perturbation,
  type PerturbationName,
  type PerturbationStep,
  parsePerturbation,
  parsePerturbations,
  perturbationNames,
} from './perturb/perturbation.js';
export { assertDecodes } from './registry/assert-decodes.js';
export { browserEnvironments, browserWarnings } from './registry/browser-environments.js';
export { type BrowserState, browserStates } from './registry/browser-states.js';
export { type DeviceFinding, findDevice } from './registry/find-device.js';
export { type LoadedDetector, loadDetector } from './registry/load-detector.js';
export { backendIds, loadBackend } from './registry/registry.js';
export { runtimeVersions } from './registry/runtime-versions.js';
export type { TaskFailure } from './workers/messages.js';
export { type PoolOptions, runPool } from './workers/pool.js';
export { serveTasks, type TaskHandler } from './workers/worker.js';
