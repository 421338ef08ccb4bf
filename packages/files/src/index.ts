export { AppendLog, readEntries, visitEntries } from './append-log.js';
export * from './basics.js';
export { type CodeBuild, codeBuild } from './code-build.js';
export { DigestIndex, readDigests } from './digest-index.js';
export { makeDraftFolder } from './draft-folder.js';
export { linesDigest } from './lines-digest.js';
export { lockFolder } from './lock.js';
export { forEachLine } from './log-lines.js';
export type { SnapshotSource } from './log-snapshot.js';
export { encodeNpyHeader } from './npy/encode.js';
export { type NpyHeader, type NpyType, parseNpyHeader } from './npy/header.js';
export { type NpyFile, openNpy } from './npy/open.js';
export { type NpyArray, readNpyArray } from './npy/read-array.js';
export { readNpyVector } from './npy/read-vector.js';
export type { FileTimes } from './packed-digests.js';
export { PackedHashes } from './packed-hashes.js';
export { joinNames, splitNames } from './packed-names.js';
export { hasEnded, ownIdentity, type ProcessIdentity } from './process-identity.js';
export {
  cannotWriteRun,
  openResumableRun,
  type ResumableRun,
  type ResumableRunOptions,
  type RunFiles,
} from './resumable-run.js';
export { type ResumedImages, resumedImages } from './resumed-images.js';
export { runId } from './run-id.js';
export { sealLine, withoutSeal } from './sealed-line.js';
export {
  readStamp,
  readStampedFile,
  readStampSync,
  readTimes,
  readTimesSync,
  type StampedFile,
  type StampSource,
} from './stamped-file.js';
export { type ZipEntry, zipParts } from './zip/zip-parts.js';
