import { formatShare } from '@retinabench/results';
import type { Verification } from '../verify/verify.js';
import type { Diagnosis } from './diagnosis.js';

/** What was scored. */
export interface ScoreCheck {
  readonly result: Verification;
  /** Float64Array [pairs]. */
  readonly scores: Float64Array;
  /** Uint8Array [pairs]: 1 genuine, 0 impostor. */
  readonly labels: Uint8Array;
  /** Whether the scores were given, or come from features. */
  readonly source: 'scores' | 'features';
}

/** AUC under which scores point the wrong way beyond doubt, if there are pairs enough. */
const invertedAuc = 0.4;

/** AUC under which genuine and impostor pairs are hardly told apart. */
const chanceAuc = 0.55;

/** Standard errors of the AUC of meaningless scores that exclude chance. */
const certainErrors = 4;

/** Those within which chance explains it, of pairs enough. */
const likelyErrors = 1.8;
const fewestPairs = 100;

/** Range of the scores, as a share of the largest, under which they differ by little but rounding. */
const smallestRange = 1e-3;

/** The same, of what float32 features can tell apart at all. */
const roundingRange = 1e-6;

/** Factor between achieved and asked FAR from which on ties decide the number. */
const tiedFactor = 2;

/**
 * Whether scores can be similarities: distances are small where faces are the same, constant features score all pairs
 * equal, and scores of few values cannot reach a FAR.
 */
export function diagnoseScores(check: ScoreCheck): Diagnosis[] {
  const { low, high } = check.result.histogram;
  if (low === high) {
    return [
      {
        code: 'scores-equal',
        level: 'error',
        evidence: `all ${check.labels.length} scores are equal: ${low}`,
        effect: 'no pair is told from another; TAR is 0 or 1 at every FAR and AUC 0.5',
        fix: check.source === 'scores' ? 'write the scores of the pairs again' : 'extract the features again',
      },
    ];
  }
  const nearly = diagnoseRange(low, high);
  return [...nearly, ...diagnoseDirection(check), ...(nearly.length > 0 ? [] : diagnoseTies(check))];
}

function diagnoseRange(low: number, high: number): Diagnosis[] {
  const range = (high - low) / Math.max(Math.abs(low), Math.abs(high));
  if (range >= smallestRange) return [];
  return [
    {
      code: 'scores-nearly-equal',
      level: range < roundingRange ? 'error' : 'warning',
      evidence: `the scores lie between ${low} and ${high}: they are nearly constant (range ${range.toExponential(1)} of the largest)`,
      effect: 'rounding decides which pair scores higher',
      fix: 'look at the features: nearly constant ones come from a network whose input or normalisation is wrong',
    },
  ];
}

function diagnoseDirection({ result, scores, labels, source }: ScoreCheck): Diagnosis[] {
  const { auc, genuine, impostors } = result;
  if (auc >= chanceAuc) return [];
  // Of the Mann-Whitney statistic where scores mean nothing.
  const standardError = Math.sqrt((genuine + impostors + 1) / (12 * genuine * impostors));
  // A little below a half says nothing of the direction.
  const isChance = 0.5 - auc <= likelyErrors * standardError && genuine + impostors >= fewestPairs;
  if (auc >= 0.5 || isChance) {
    if (auc >= 0.5 && chanceAuc - 0.5 < certainErrors * standardError) return [];
    return [
      {
        code: 'scores-at-chance',
        level: 'warning',
        evidence: `AUC ${auc.toFixed(4)}: genuine pairs ${auc < 0.5 ? 'score no higher' : 'hardly score higher'} than impostor pairs`,
        effect: 'the numbers are those of scores that mean little',
        fix: 'check that features or scores are in the order of their list, and that the embedder gets what its card says',
      },
    ];
  }
  const [impostorMean, genuineMean] = meansByLabel(scores, labels);
  const certain = auc < invertedAuc && 0.5 - auc > certainErrors * standardError;
  const share = genuine / (genuine + impostors);
  const swapped =
    share > 0.5 ? `; ${formatShare(share)} of the pairs are labelled genuine, so the labels may be swapped` : '';
  return [
    {
      code: 'scores-inverted',
      level: certain ? 'error' : 'warning',
      evidence: `AUC ${auc.toFixed(4)} is below 0.5: genuine pairs score lower than impostor pairs (mean ${genuineMean.toPrecision(4)} against ${impostorMean.toPrecision(4)})${swapped}`,
      effect: `TAR is worse than chance; negated, the scores have AUC ${(1 - auc).toFixed(4)}`,
      fix:
        source === 'scores'
          ? 'if they are distances, give similarities (the negated distances); if label 1 means impostor, swap the labels'
          : 'check that label 1 means genuine, and that the features are in the order of the image list',
    },
  ];
}

function meansByLabel(scores: Float64Array, labels: Uint8Array): [impostor: number, genuine: number] {
  const sums = [0, 0];
  const counts = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    sums[labels[i]] += scores[i];
    counts[labels[i]]++;
  }
  return [sums[0] / counts[0], sums[1] / counts[1]];
}

/** Targets that enough impostor pairs could decide, and that ties keep the threshold away from. */
function diagnoseTies({ result }: ScoreCheck): Diagnosis[] {
  const missed = Object.entries(result.tar['nearest-all']).filter(([target, { achievedFar }]) => {
    if (Number(target) * result.impostors < 10) return false;
    return achievedFar > tiedFactor * Number(target) || achievedFar < Number(target) / tiedFactor;
  });
  if (missed.length === 0) return [];
  const named = missed.map(([target, { achievedFar }]) => `${achievedFar.toExponential(1)} for ${target}`).join(', ');
  return [
    {
      code: 'scores-tied',
      level: 'warning',
      evidence: `many pairs share one score, so that the nearest FAR that can be reached is ${named}`,
      effect: 'TAR is that of the FAR that was reached, not of the one that was asked for',
      fix: 'give scores as they are, not rounded, clipped or quantised',
    },
  ];
}
