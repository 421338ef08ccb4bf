import type { JsonSchema } from '@retinabench/core';
import type { GroupErrors, ResultRecord } from '@retinabench/results';
import { formatPoints } from '../format/number.js';
import type { RuleFamily } from './rule-family.js';

const fraction: JsonSchema = { type: 'number', minimum: 0, maximum: 1 };
const atLeastZero: JsonSchema = { type: 'number', minimum: 0 };

/** FNMR of a group at a FAR of all pairs: `groups.gender.female.1e-3`. */
export const groupRules: readonly RuleFamily[] = [
  {
    prefix: 'groups',
    subjects: /^[^.]+\..+\.1e-[1-9]$/,
    examples: ['gender.female.1e-3'],
    defaults: [],
    defaultOptions: { maxIncrease: 0.1 },
    optionsSchema: {
      type: 'object',
      properties: { max: fraction, maxIncrease: atLeastZero },
      additionalProperties: false,
    },
    needs: ['protocol', 'dataset'],
    certainty: 'subjects',
    better: 'lower',
    increase: 'certain',
    read: (record, subject) => errorsOf(record, subject)?.fnmr,
    readInterval: (record, subject) => errorsOf(record, subject)?.fnmrInterval,
    format: formatPoints,
  },
];

/** Its column ends at the first point, its target begins at the last. */
function errorsOf({ groups }: ResultRecord, subject: string): GroupErrors | undefined {
  const [first, last] = [subject.indexOf('.'), subject.lastIndexOf('.')];
  return groups?.[subject.slice(0, first)]?.[subject.slice(first + 1, last)]?.at[subject.slice(last + 1)];
}
