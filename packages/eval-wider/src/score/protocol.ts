import { ProtocolError } from '@retinabench/core/basics';
import { type ProtocolSettings, thresholdCount } from '@retinabench/results';
import { type RuleSet, ruleSets } from './rule-sets.js';

/** Every choice that the evaluators make differently, by name. */
export interface ScoringProtocol {
  readonly rules: RuleSet;
  /** Detections are matched in the order of the file, or sorted by score, best first, equal ones as in the file. */
  readonly order: 'file' | 'score';
  /** Whether the count on line 2 says how many lines to read. */
  readonly countLine: 'ignored' | 'binding';
  /** An image without prediction file ends the evaluation, or has no detections. */
  readonly missingFile: 'error' | 'empty';
  /** Number format of the min-max normalisation; in double precision min and max also start at 1 and 0. */
  readonly normalisation: 'float64' | 'float32';
  /** Number format of the IoU: double precision, or MATLAB's saturating, rounding 32-bit integers. */
  readonly overlap: 'float64' | 'int32';
}

const differences: Readonly<Record<RuleSet, Omit<ScoringProtocol, 'rules'>>> = {
  python: { order: 'file', countLine: 'ignored', missingFile: 'error', normalisation: 'float64', overlap: 'float64' },
  matlab: { order: 'score', countLine: 'binding', missingFile: 'empty', normalisation: 'float32', overlap: 'float64' },
  'matlab-int': {
    order: 'score',
    countLine: 'binding',
    missingFile: 'empty',
    normalisation: 'float32',
    overlap: 'int32',
  },
};

/** IoU at which a detection finds a face. */
export const iouThreshold = 0.5;

/**
 * The protocol of a rule set.
 *
 * @param order `strict`: the order of the rule set itself; `any`: sort by score first, whatever the rules.
 * @throws {ProtocolError} if the rule set is unknown.
 */
export function scoringProtocol(rules: RuleSet, order: 'strict' | 'any' = 'strict'): ScoringProtocol {
  if (!Object.hasOwn(differences, rules)) {
    throw new ProtocolError(`rules: expected one of ${ruleSets.join(', ')}, got ${JSON.stringify(rules)}`);
  }
  const own = differences[rules];
  return { rules, ...own, order: order === 'any' ? 'score' : own.order };
}

/** The settings of a scoring protocol as a record has them and as the protocol id hashes them. */
export function scoringSettings(protocol: ScoringProtocol): ProtocolSettings {
  return {
    metric: 'wider-ap',
    ...protocol,
    match: 'first-arg-max',
    iou: 'plus-one',
    iouThreshold,
    thresholds: thresholdCount,
    emptyPrecision: 'absent',
  };
}
