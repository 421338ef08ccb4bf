import type { PoolOptions } from '@retinabench/backends/workers';
import type { ExtractionIdentity } from './extraction.js';
import type { ExtractImage, ExtractInit, ExtractResult, ExtractTask } from './worker.js';

/** An extraction of features. */
export interface ExtractOptions extends ExtractInit {
  /** Names of the images, for the list of points and for messages. */
  readonly names: readonly string[];
  /** In the same order. */
  readonly images: readonly ExtractImage[];
  readonly identity: ExtractionIdentity;
  /** The `.npy` file to make. */
  readonly features: string;
  readonly workers: number;
  /** Discard what an earlier run left. */
  readonly fresh: boolean;
  /** Longest time of one image; absent: no limit. */
  readonly imageLimitMs?: number;
  /** Called first and after each group of images with the number done, earlier runs included. */
  readonly onImages: (images: number) => void;
  /** What does the tasks instead of worker processes of this machine; absent: they do. */
  readonly pool?: (options: PoolOptions<ExtractInit, ExtractTask, ExtractResult[]>) => Promise<void>;
  readonly signal?: AbortSignal;
}
