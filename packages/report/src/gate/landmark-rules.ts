import type { JsonSchema } from '@retinabench/core';
import type { Interval, ResultRecord } from '@retinabench/results';
import { formatPoints, significant } from '../format/number.js';
import type { RuleFamily } from './rule-family.js';

const fraction: JsonSchema = { type: 'number', minimum: 0, maximum: 1 };
const atLeastZero: JsonSchema = { type: 'number', minimum: 0 };

function options(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: 'object', properties, additionalProperties: false };
}

/** What all rules on landmarks share. */
const common = {
  prefix: 'landmarks',
  needs: ['protocol', 'dataset'],
  certainty: 'paired',
} as const satisfies Partial<RuleFamily>;

/** A number of which less is better. */
const lower = {
  ...common,
  better: 'lower',
  increase: 'certain',
  defaultOptions: { maxIncrease: 0.02 },
} as const satisfies Partial<RuleFamily>;

/** Errors, misses, failure rates and areas of landmark records. */
export const landmarkRules: readonly RuleFamily[] = [
  {
    ...lower,
    subjects: /^nme$/,
    examples: ['nme'],
    defaults: [{ subject: 'nme', level: 'error' }],
    optionsSchema: options({ max: atLeastZero, maxIncrease: atLeastZero }),
    read: (record) => (isInPixels(record) ? undefined : record.landmarks?.matchedOnly?.nme),
    readInterval: (record) => intervalOf(record, 'nme'),
    format: formatPoints,
  },
  {
    ...lower,
    subjects: /^errorPx$/,
    examples: ['errorPx'],
    defaults: [{ subject: 'errorPx', level: 'error' }],
    optionsSchema: options({ max: atLeastZero, maxIncrease: atLeastZero }),
    read: (record) => (isInPixels(record) ? record.landmarks?.matchedOnly?.nme : undefined),
    readInterval: (record) => intervalOf(record, 'nme'),
    format: (value) => `${significant(value)} px`,
  },
  {
    ...lower,
    subjects: /^missed$/,
    examples: ['missed'],
    // The mean error is of matched faces: one that loses the hard ones gets better by it.
    defaults: [{ subject: 'missed', level: 'error', options: { maxIncrease: 0.05 } }],
    optionsSchema: options({ max: fraction, maxIncrease: atLeastZero }),
    read: ({ landmarks }) =>
      landmarks === undefined ? undefined : landmarks.missesAsFailures.missed / landmarks.missesAsFailures.faces,
    readInterval: (record) => intervalOf(record, 'missed'),
    format: formatPoints,
  },
  {
    ...lower,
    subjects: /^failureRate\.\d+(\.\d+)?$/,
    examples: ['failureRate.0.08', 'failureRate.0.1'],
    defaults: [],
    optionsSchema: options({ max: fraction, maxIncrease: atLeastZero }),
    read: ({ landmarks }, subject) => landmarks?.missesAsFailures.failureRate[subject.slice('failureRate.'.length)],
    readInterval: intervalOf,
    format: formatPoints,
  },
  {
    ...common,
    better: 'higher',
    subjects: /^auc\.\d+(\.\d+)?$/,
    examples: ['auc.0.08', 'auc.0.1'],
    defaults: [],
    defaultOptions: { maxDrop: 0.005 },
    optionsSchema: options({ min: fraction, maxDrop: fraction }),
    read: ({ landmarks }, subject) => landmarks?.missesAsFailures.auc[subject.slice('auc.'.length)],
    readInterval: intervalOf,
    format: formatPoints,
  },
];

/** The subjects of a landmark record that stand in comparisons. */
export function landmarkSubjects({ landmarks }: ResultRecord): string[] {
  const thresholds = Object.keys(landmarks?.missesAsFailures.failureRate ?? {});
  return ['nme', 'errorPx', 'missed', ...thresholds.flatMap((t) => [`failureRate.${t}`, `auc.${t}`])];
}

function isInPixels({ protocol }: ResultRecord): boolean {
  return protocol.normaliser === 'pixels';
}

function intervalOf({ landmarks }: ResultRecord, name: string): Interval | undefined {
  return landmarks?.interval?.[name];
}
