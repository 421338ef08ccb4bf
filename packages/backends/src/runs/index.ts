/** Runs of a detector over images, resumable, without loading a runtime or an image decoder here: the workers do. */

export { LoadWatch } from '../bench/load-watch.js';
export { type DetectedImages, type DetectImagesOptions, detectImages } from './detect-images.js';
export {
  type BoxRounding,
  type DetectedImage,
  denseRow,
  detectedImageProperties,
  type KeptOutputs,
  toDetectedImage,
} from './detected-image.js';
export { detectionBuild } from './detection-build.js';
export { type DetectionRun, memoryRun } from './detection-run.js';
export { loadFaceModel } from './face-model.js';
export { type FailedImage, groupFailures, isBadImage } from './failed-image.js';
export { FinishedImages } from './finished-images.js';
export { contentKeyBytes, detectionCount, writeContentKey } from './held-image.js';
export { type ForgottenImage, type LoggedImage, parseLogEntry } from './logged-image.js';
export { meshPointCount } from './mesh-points.js';
export { logFileOf, openRunFolder, type RunFolder, type RunFolderOptions, readIdentity } from './run-folder.js';
export { parseRunIdentity, type RunIdentity } from './run-identity.js';
export type { DetectionInit, ImageOutcome, ImageTask } from './worker.js';
export { detectionWorker } from './worker-module.js';
