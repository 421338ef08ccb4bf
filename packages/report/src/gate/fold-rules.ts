import type { JsonSchema } from '@retinabench/core';
import { formatPoints } from '../format/number.js';
import type { RuleFamily } from './rule-family.js';

const fraction: JsonSchema = { type: 'number', minimum: 0, maximum: 1 };

/** Accuracy and TAR of verifications in folds. */
export const foldRules: readonly RuleFamily[] = [
  {
    prefix: 'folds',
    subjects: /^(accuracy|tar)$/,
    examples: ['accuracy', 'tar'],
    defaults: [{ subject: 'accuracy', level: 'error' }],
    defaultOptions: { maxDrop: 0.002 },
    optionsSchema: {
      type: 'object',
      properties: { min: fraction, maxDrop: fraction },
      additionalProperties: false,
    },
    needs: ['protocol', 'dataset'],
    certainty: 'paired',
    better: 'higher',
    read: ({ metrics }, subject) => metrics?.[`folds.${subject}`],
    readInterval: ({ metrics }, subject) => {
      const [low, high] = [metrics?.[`folds.${subject}.low`], metrics?.[`folds.${subject}.high`]];
      return low === undefined || high === undefined ? undefined : [low, high];
    },
    format: formatPoints,
  },
];
