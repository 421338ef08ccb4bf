import { type FeatureFlags, verifyFeatures } from './verify-features.js';
import { type ScoreFlags, verifyScores } from './verify-scores.js';

/** The action of `retinabench ijbc verify`. */
export async function runVerify(flags: FeatureFlags & ScoreFlags): Promise<void> {
  if (flags.scores !== undefined || flags.labels !== undefined) await verifyScores(flags);
  else await verifyFeatures(flags);
}
