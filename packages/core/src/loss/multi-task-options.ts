import type { Variances } from '../box/decode.js';
import { type MatchOptions, matchPresets } from './match.js';
import type { MiningOptions } from './mine.js';

/** Every setting of the multi-task loss. */
export interface MultiTaskOptions {
  readonly match: MatchOptions;
  readonly mining: MiningOptions;
  /** Scale of the regression targets, [centre, size]: that of the network whose outputs are judged. */
  readonly variances: Variances;
  /** Where smooth-L1 turns from a parabola into a line, > 0. */
  readonly beta: number;
  /** Factors of the terms in the total: 1 and the lambdas of equation 1. */
  readonly weights: {
    readonly classification: number;
    readonly box: number;
    readonly landmark: number;
    readonly pixel: number;
  };
  /**
   * What the landmark term is divided by: all positives (equation 1), or the positives whose face has annotated
   * landmarks (the public code).
   */
  readonly landmarkDivisor: 'positives' | 'annotated';
}

/** Names of the conventions in `multiTaskPresets`. */
export type MultiTaskPreset = 'paper' | 'mnet';

/** `paper`: arXiv:1905.00641, equation 1 and section 4.2. `mnet`: the training code of the public MobileNet-0.25. */
export const multiTaskPresets: Readonly<Record<MultiTaskPreset, MultiTaskOptions>> = {
  paper: {
    match: matchPresets.paper,
    mining: { negativesPerPositive: 3, minimumNegatives: 0 },
    variances: [1, 1],
    beta: 1,
    weights: { classification: 1, box: 0.25, landmark: 0.1, pixel: 0.01 },
    landmarkDivisor: 'positives',
  },
  mnet: {
    match: matchPresets.mnet,
    mining: { negativesPerPositive: 7, minimumNegatives: 0 },
    variances: [0.1, 0.2],
    beta: 1,
    weights: { classification: 1, box: 2, landmark: 1, pixel: 0 },
    landmarkDivisor: 'annotated',
  },
};
