import type { TideAnalysis } from '@retinabench/results';
import { expect, test } from 'vitest';
import { errorTypeChart } from '../../../client/charts/error-type-chart.js';
import { coloursOf, seriesOf, shownRecord } from './shown-record.js';

const counts = {
  ...{ hits: 5, localisation: 2, both: 0, duplicate: 1, background: 3, missed: 1 },
  ...{ ignored: 0, falsePositives: 6, falseNegatives: 3 },
};
const tide = (localisation: number, missed: number): TideAnalysis => ({
  ...{ rule: 'clean', foreground: 0.5, background: 0.1, faces: 8, ap: 0.6, counts },
  lost: { localisation, missed, both: 0, duplicate: 0.01, background: 0.02, falsePositive: 0.3, falseNegative: 0.4 },
  groups: {
    height: {
      '<16': { faces: 4, counts, lost: { localisation: localisation / 2, missed: 0.01 } },
      '>=16': { faces: 4, counts, lost: { localisation: localisation / 4, missed: 0.02 } },
    },
    event: Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [`e${at}`, { faces: 1, counts, lost: { missed: at / 100 } }]),
    ),
  },
});
const interval = (low: number, high: number) => {
  const all = [low, high] as const;
  return {
    ap: all,
    lost: {
      localisation: all,
      missed: all,
      both: all,
      duplicate: all,
      background: all,
      falsePositive: all,
      falseNegative: all,
    },
  };
};
const records = [
  shownRecord(0, { tide: { ...tide(0.1, 0.05), interval: interval(0.01, 0.2) } }),
  shownRecord(1, { tide: tide(0.04, 0.12) }),
];
const colours = coloursOf(records);

test('a group of bars a type, in one order for all records, with the colours of the records', () => {
  const drawing = errorTypeChart({ records, colours });
  expect(drawing.config.data.labels).toEqual([
    ...['Localisation', 'Missed', 'Background', 'Duplicate'],
    ...['All false positives', 'All not found'],
  ]);
  expect(seriesOf(drawing)).toMatchObject([
    { label: 'detector 1', data: [0.1, 0.05, 0.02, 0.01, 0.3, 0.4], borderColor: '#series-1' },
    { label: 'detector 2', data: [0.04, 0.12, 0.02, 0.01, 0.3, 0.4] },
  ]);
  expect(drawing.config.plugins).toHaveLength(1);
});

test('says of each record which type costs most; the totals, which hold the types, are never named', () => {
  expect(errorTypeChart({ records, colours }).summary).toBe(
    'R1 detector 1 loses most to Localisation (10.00 % of AP); R2 detector 2 loses most to Missed (12.00 % of AP).',
  );
});

test('one type by an attribute; a group without the type is empty', () => {
  const by = { attribute: 'height', type: 'localisation' } as const;
  const drawing = errorTypeChart({ records, by, colours });
  expect(drawing.config.data.labels).toEqual(['<16', '>=16']);
  expect(seriesOf(drawing).map(({ data }) => data)).toEqual([
    [0.05, 0.025],
    [0.02, 0.01],
  ]);
  expect(seriesOf(errorTypeChart({ records, by: { ...by, type: 'background' }, colours }))[0].data).toEqual([
    null,
    null,
  ]);
});

test('of many groups the twelve that cost most, worst first', () => {
  const drawing = errorTypeChart({ records, by: { attribute: 'event', type: 'missed' }, colours });
  expect(drawing.config.data.labels).toHaveLength(12);
  expect(drawing.config.data.labels?.[0]).toBe('e19');
});
