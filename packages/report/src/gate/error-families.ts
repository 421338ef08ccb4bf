import type { JsonSchema } from '@retinabench/core';
import type { Resampling, ResultRecord, TideLoss } from '@retinabench/results';
import type { ImageDraws } from '../difference/paired-draws.js';
import { formatPoints } from '../format/number.js';
import type { RuleFamily } from './rule-family.js';

const fraction: JsonSchema = { type: 'number', minimum: 0, maximum: 1 };

/** What the rules on errors share: lower is better, a rise in points is judged by paired draws of images. */
const common = {
  defaults: [],
  optionsSchema: { type: 'object', properties: { max: fraction, maxRise: fraction }, additionalProperties: false },
  needs: ['protocol', 'dataset'],
  certainty: 'draws',
  better: 'lower',
  format: formatPoints,
} as const satisfies Partial<RuleFamily>;

/** Rules on what errors cost (`tide.missed`) and on calibration (`calibration.ece`). */
export const errorFamilies: readonly RuleFamily[] = [
  {
    ...common,
    prefix: 'tide',
    subjects: /^(?:localisation|both|duplicate|background|missed|falsePositive|falseNegative)$/,
    examples: ['localisation', 'missed', 'background', 'duplicate'],
    defaultOptions: { maxRise: 0.005 },
    read: ({ tide }, subject) => tide?.lost[subject as TideLoss],
    readInterval: ({ tide }, subject) => tide?.interval?.lost[subject as TideLoss],
    readDraws: (record, subject) => drawsOf(record, record.tide, record.tide?.draws?.[subject as TideLoss]),
  },
  {
    ...common,
    prefix: 'calibration',
    subjects: /^(?:ece|mce|brier)$/,
    examples: ['ece', 'mce', 'brier'],
    defaultOptions: { maxRise: 0.01 },
    read: ({ calibration }, subject) => calibration?.[subject as 'ece'],
    readInterval: ({ calibration }, subject) => calibration?.interval?.[subject as 'ece'],
    readDraws: (record, subject) => drawsOf(record, record.calibration, record.calibration?.draws?.[subject as 'ece']),
  },
];

function drawsOf(
  { dataset }: ResultRecord,
  analysis: { readonly resampling?: Resampling } | undefined,
  draws: readonly number[] | undefined,
): ImageDraws | undefined {
  const resampling = analysis?.resampling;
  if (resampling === undefined || draws === undefined || dataset === undefined) return undefined;
  return { draws, resampling, images: dataset.images };
}
