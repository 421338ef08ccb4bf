/** What runs in a browser: the detector and its protocol, without image files, sharp or native runtimes. */
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
export type { NetworkSignature, TensorSignature } from './backend/network-signature.js';
export { type RecordedRun, RecordingSession } from './backend/recording-session.js';
export type { DenseDetections, Detections } from './detector/detections.js';
export { FaceDetector, type StageTimes } from './detector/face-detector.js';
export type { ImageResizer } from './detector/input-builder.js';
export { type DetectionProtocol, type ResizeKernel, resolveProtocol, type Suppression } from './detector/protocol.js';
export { resizeKernels } from './detector/resize-kernels.js';
export { parseScaleRule, type ScaleRule } from './detector/scale-rule.js';
export type { RgbImage } from './image/image.js';
export { openDetector } from './page-detector/open-detector.js';
export type {
  BrowserBackendId,
  DetectorOptions,
  PageDetector,
  PictureDetections,
} from './page-detector/page-detector.js';
export type { Picture } from './page-detector/picture.js';
export { PixelReader } from './page-detector/pixel-reader.js';
export { serveDetector } from './page-detector/serve-detector.js';
export type { WorkerLike } from './page-detector/worker-like.js';
export { compareDetections, type DetectionDifference } from './parity/compare-detections.js';
export { browserBackends } from './runtimes/browser-backends.js';
export { type LitertPackage, provideLitert } from './runtimes/litert/page-host.js';
export { type Address, type Assets, setAssets } from './runtimes/wasm-folders.js';
