import type { ImageTask, RunIdentity } from '@retinabench/backends/runs';
import type { ResolvedDetector } from './resolve-detector.js';

/** Images to detect on. */
export interface ImageSet {
  /** What records and folders call it. */
  readonly name: string;
  /** Where it lies, for messages. */
  readonly root: string;
  /** Those of the run, each by its name in the run. */
  readonly images: readonly ImageTask[];
  /** Digest of the names of all images of the set, also of those that this run leaves out. */
  readonly namesSha256: string;
  /** What the reader of a number must know: data set, shard, limit, sample. */
  readonly notes: readonly string[];
  /** No image need be detected: each that fails is named, and none is an error of the whole. */
  readonly mayFail?: true;
}

/** A run of a detector over images, before its first image. */
export interface DetectionPlan extends ResolvedDetector {
  readonly set: ImageSet;
  readonly identity: RunIdentity;
}

/** The plan of a detector over a set of images. */
export function planDetection(detector: ResolvedDetector, set: ImageSet): DetectionPlan {
  const { name, namesSha256 } = set;
  return { ...detector, set, identity: { ...detector.identity, dataset: { name, namesSha256 } } };
}
