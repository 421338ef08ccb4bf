import type { ModelCard } from '@retinabench/models';
import type { DetectionProtocol } from '../detector/protocol.js';
import type { ArrivalPlan, ServedArrivals } from './serve-arrivals.js';
import type { BenchSize } from './size.js';

/** One configuration under test: a process of its own. */
export interface BenchInit {
  readonly model: { readonly bytes: Uint8Array; readonly card: ModelCard };
  readonly backend: string;
  readonly threads: number;
  readonly size: BenchSize;
  readonly asked: Partial<DetectionProtocol>;
  /** The photograph, resized to `size` and encoded again, is what every repetition decodes. */
  readonly imageFile: string;
}

/** What the parent asks of a configuration. */
export type BenchRequest =
  | { readonly type: 'load'; readonly init: BenchInit }
  /** Repeat for about `roundMs`, at least `minimumRuns` times. */
  | { readonly type: 'round'; readonly roundMs: number; readonly minimumRuns: number }
  /** Load a network for `batch` images at once. */
  | { readonly type: 'load-batch'; readonly init: BenchInit; readonly batch: number }
  | { readonly type: 'batch-round'; readonly roundMs: number; readonly minimumRuns: number }
  /** Detect once for each arrival. */
  | { readonly type: 'serve'; readonly plan: ArrivalPlan };

/** The stages of one detection, in order; `total` is measured around all of them. */
export const benchStages = ['decode', 'resize', 'infer', 'postprocess', 'total'] as const;
export type BenchStage = (typeof benchStages)[number];

/** Times of the repetitions of a round, by stage. */
export type StageSamples = Readonly<Record<BenchStage, readonly number[]>>;

/** What a configuration answers. */
export type BenchReply =
  | {
      readonly type: 'loaded';
      readonly loadMs: number;
      readonly firstRunMs: number;
      readonly faces: number;
      readonly version: string;
      readonly protocol: DetectionProtocol;
    }
  | {
      readonly type: 'sampled';
      readonly samplesMs: StageSamples;
      /** Of the process; absent where the detector runs in a browser. */
      readonly memoryPeakBytes?: number;
      /** Of the browser's page, where the browser tells. */
      readonly pageMemoryBytes?: number;
    }
  | { readonly type: 'batch-loaded'; readonly version: string; readonly protocol: DetectionProtocol }
  /** Times of whole batches. */
  | { readonly type: 'batch-sampled'; readonly samplesMs: readonly number[] }
  | { readonly type: 'served'; readonly served: ServedArrivals }
  | { readonly type: 'failed'; readonly message: string; readonly exitCode: 2 | 3 };
