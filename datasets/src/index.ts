export { type CheckOptions, checkDataset } from './check/check.js';
export type { CorruptImage, DatasetCheck, DatasetProblem } from './check/dataset-check.js';
export { type Receipt, readReceipt } from './check/receipt.js';
export { formatBytes, freeDiskBytes } from './download/disk-space.js';
export { type DownloadAllOptions, downloadAll } from './download/download-all.js';
export type { DownloadedFile, DownloadOptions } from './download/download-file.js';
export { parseMirrors, withMirrors } from './download/mirror.js';
export type { RemoteFile } from './download/remote-file.js';
export type { RetryPolicy } from './download/retry-policy.js';
export { findManifest, knownDatasets } from './manifest/find.js';
export type { ArrangedPart, Licence, Manifest, ManifestFile } from './manifest/manifest.js';
export type { ImageTruth, WiderTruth } from './mini/annotation.js';
export { ensureMini, type MiniOptions } from './mini/ensure.js';
export {
  type AnnotatedFace,
  type AnnotatedPhotograph,
  loadPhotographs,
  type Point,
  photographFolder,
} from './mini/photographs.js';
export type { Placement } from './mini/placement.js';
export type { Finish, Occluder, Recipe } from './mini/recipe.js';
export { miniRecipes } from './mini/recipes.js';
export type { Rect } from './mini/rect.js';
export type { FaceTruth, Split } from './mini/truth.js';
export { type PulledDataset, type PullOptions, pullDataset } from './pull/pull.js';
export { type ResolvedDataset, type ResolveOptions, resolveDataset } from './resolve.js';
export type { UnpackRule } from './unpack/rules.js';
export type { ArchiveFormat } from './unpack/unpack.js';
export { unsafePathReason } from './unpack/unsafe-path.js';
export { imageNamesDigest } from './wider/digest.js';
export * from './wider.js';
