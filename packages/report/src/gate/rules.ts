import type { JsonSchema } from '@retinabench/core';
import { formatCount, type Split } from '@retinabench/results';
import { formatBytes, formatMs, formatPoints } from '../format/number.js';
import { errorFamilies } from './error-families.js';
import { foldRules } from './fold-rules.js';
import { groupRules } from './group-rules.js';
import { facesFound, formatFaces, judgeFaces } from './judge-faces.js';
import { landmarkRules } from './landmark-rules.js';
import type { RuleFamily } from './rule-family.js';

const fraction: JsonSchema = { type: 'number', minimum: 0, maximum: 1 };
const atLeastZero: JsonSchema = { type: 'number', minimum: 0 };

function options(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: 'object', properties, additionalProperties: false };
}

/** Every kind of number that a gate can rule on; a new one is a row here. */
export const ruleFamilies: readonly RuleFamily[] = [
  {
    prefix: 'ap',
    subjects: /^(easy|medium|hard)$/,
    examples: ['easy', 'medium', 'hard'],
    defaults: [
      { subject: 'easy', level: 'error' },
      { subject: 'medium', level: 'error' },
      { subject: 'hard', level: 'error' },
    ],
    defaultOptions: { maxDrop: 0.002 },
    optionsSchema: options({ min: fraction, maxDrop: fraction }),
    needs: ['protocol', 'dataset'],
    certainty: 'paired',
    better: 'higher',
    read: (record, subject) => record.ap?.[subject as Split],
    format: formatPoints,
  },
  {
    prefix: 'detection',
    subjects:
      /^(?:(?:uncapped\.)?(?:ap(?:50|75|Small|Medium|Large)?|ar(?:\d{1,5}|Small|Medium|Large)?)|voc\.(?:plusOne\.)?(?:allPoint|elevenPoint)|f1|wider\.ap)$/,
    examples: ['ap', 'ap50', 'ap75', 'apSmall', 'ar100', 'uncapped.ap50', 'voc.allPoint', 'f1'],
    defaults: [
      { subject: 'ap', level: 'error' },
      { subject: 'ap50', level: 'error' },
      { subject: 'f1', level: 'warn' },
    ],
    defaultOptions: { maxDrop: 0.002 },
    optionsSchema: options({ min: fraction, maxDrop: fraction }),
    needs: ['protocol', 'dataset'],
    certainty: 'paired',
    better: 'higher',
    read: (record, subject) => record.detection?.values[subject],
    readInterval: (record, subject) => record.detection?.interval?.[subject],
    format: formatPoints,
  },
  {
    prefix: 'detection',
    subjects: /^missRate$/,
    examples: ['missRate'],
    defaults: [],
    defaultOptions: { maxIncrease: 0.02 },
    optionsSchema: options({ max: fraction, maxIncrease: atLeastZero }),
    needs: ['protocol', 'dataset'],
    certainty: 'paired',
    better: 'lower',
    increase: 'certain',
    read: (record, subject) => record.detection?.values[subject],
    readInterval: (record, subject) => record.detection?.interval?.[subject],
    format: formatPoints,
  },
  ...landmarkRules,
  ...errorFamilies,
  ...foldRules,
  ...groupRules,
  {
    prefix: 'tar',
    subjects: /^1e-[1-9]$/,
    examples: ['1e-6', '1e-5', '1e-4', '1e-3', '1e-2', '1e-1'],
    defaults: [
      { subject: '1e-4', level: 'error' },
      { subject: '1e-3', level: 'error' },
    ],
    defaultOptions: { maxDrop: 0.002 },
    optionsSchema: options({ min: fraction, maxDrop: fraction }),
    needs: ['protocol', 'dataset'],
    certainty: 'subjects',
    better: 'higher',
    read: (record, subject) => record.tar?.[subject]?.tar,
    readInterval: (record, subject) => record.tar?.[subject]?.interval,
    caveat: (record, subject) =>
      record.tar?.[subject]?.unresolved === true ? 'fewer than 10 impostor pairs decide this TAR' : undefined,
    format: formatPoints,
  },
  {
    prefix: 'rank',
    subjects: /^\d{1,4}$/,
    examples: ['1', '5', '10'],
    defaults: [{ subject: '1', level: 'error' }],
    defaultOptions: { maxDrop: 0.002 },
    optionsSchema: options({ min: fraction, maxDrop: fraction }),
    needs: ['protocol', 'dataset'],
    certainty: 'subjects',
    better: 'higher',
    read: (record, subject) => record.rank?.[subject],
    readInterval: (record, subject) => record.rankInterval?.[subject],
    format: formatPoints,
  },
  {
    prefix: 'tpir',
    subjects: /^(0\.\d{1,6}|1)$/,
    examples: ['0.01', '0.1'],
    defaults: [{ subject: '0.01', level: 'error' }],
    defaultOptions: { maxDrop: 0.002 },
    optionsSchema: options({ min: fraction, maxDrop: fraction }),
    needs: ['protocol', 'dataset'],
    certainty: 'subjects',
    better: 'higher',
    read: (record, subject) => record.tpir?.[subject],
    readInterval: (record, subject) => record.tpirInterval?.[subject],
    format: formatPoints,
  },
  {
    prefix: 'latency',
    subjects: /^[A-Za-z][A-Za-z0-9-]{0,40}$/,
    examples: ['total', 'decode', 'resize', 'infer', 'postprocess'],
    defaults: [{ subject: 'total', level: 'error' }],
    defaultOptions: { maxIncrease: 0.05 },
    optionsSchema: options({ maxIncrease: { type: 'number', exclusiveMinimum: 0 } }),
    needs: ['protocol', 'machine'],
    certainty: 'never',
    better: 'lower',
    read: (record, subject) => record.latencyMs?.[subject]?.median,
    format: formatMs,
  },
  statisticOfTimes('mean', 0.15),
  statisticOfTimes('p95', 0.25),
  {
    prefix: 'start',
    subjects: /^[A-Za-z][A-Za-z0-9-]{0,40}$/,
    examples: ['load', 'firstRun'],
    defaults: ['load', 'firstRun'].map((subject) => ({ subject, level: 'warn', options: { maxIncrease: 1 } })),
    guards: { subjects: ['load', 'firstRun'], level: 'error' },
    defaultOptions: { maxIncrease: 0.5 },
    optionsSchema: options({ maxIncrease: { type: 'number', exclusiveMinimum: 0 } }),
    needs: ['protocol', 'machine'],
    certainty: 'never',
    better: 'lower',
    read: (record, subject) => record.onceMs?.[subject],
    format: formatMs,
  },
  {
    prefix: 'faces',
    subjects: /^found$/,
    examples: ['found'],
    defaults: [{ subject: 'found', level: 'error' }],
    guards: { subjects: ['found'], level: 'error', options: { maxDrop: 1 } },
    defaultOptions: { maxDrop: 0.5 },
    optionsSchema: options({ maxDrop: fraction }),
    needs: ['protocol'],
    certainty: 'exact',
    better: 'higher',
    read: facesFound,
    format: formatFaces,
    judge: judgeFaces,
  },
  {
    prefix: 'memory',
    subjects: /^peak$/,
    examples: ['peak'],
    defaults: [{ subject: 'peak', level: 'warn' }],
    guards: { subjects: ['peak'], level: 'warn' },
    defaultOptions: { maxIncrease: 0.2 },
    optionsSchema: options({ max: atLeastZero, maxIncrease: atLeastZero }),
    needs: ['protocol', 'machine'],
    certainty: 'exact',
    variesByRun: true,
    better: 'lower',
    read: (record) => record.memoryPeakBytes,
    format: formatBytes,
  },
  {
    prefix: 'size',
    subjects: /^(bytes|parameters)$/,
    examples: ['bytes', 'parameters'],
    defaults: [{ subject: 'bytes', level: 'warn' }],
    defaultOptions: { maxIncrease: 0.1 },
    optionsSchema: options({ max: atLeastZero, maxIncrease: atLeastZero }),
    needs: [],
    certainty: 'exact',
    better: 'lower',
    read: (record, subject) => (subject === 'bytes' ? record.model?.bytes : record.model?.parameters),
    format: formatCount,
  },
];

/** The rules `latency.STAGE.STATISTIC`: they see what the low end of the times leaves out. */
function statisticOfTimes(statistic: 'mean' | 'p95', maxIncrease: number): RuleFamily {
  const subject = `total.${statistic}`;
  return {
    prefix: 'latency',
    subjects: new RegExp(`^[A-Za-z][A-Za-z0-9-]{0,40}\\.${statistic}$`),
    examples: [subject],
    // Times of two records are a hint at most, and these vary more than the median.
    defaults: [{ subject, level: 'warn', options: { maxIncrease: 1 } }],
    guards: { subjects: [subject], level: 'error' },
    defaultOptions: { maxIncrease },
    optionsSchema: options({ maxIncrease: { type: 'number', exclusiveMinimum: 0 } }),
    needs: ['protocol', 'machine'],
    certainty: 'never',
    better: 'lower',
    read: (record, of) =>
      of.endsWith(`.${statistic}`) ? record.latencyMs?.[of.slice(0, -statistic.length - 1)]?.[statistic] : undefined,
    format: formatMs,
  };
}
