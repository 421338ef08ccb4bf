import { formatCount } from '@retinabench/results';
import { significant } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { axis, percentAxis } from '../axes.js';
import type { ChartDrawing } from '../chart-panel.js';
import { type ColourOf, seriesStyle, translucent } from '../palette.js';

/** A bin of a record's histogram of scores. */
export interface ScoreBin {
  readonly record: PageRecord;
  /** Lower end of the bin. */
  readonly score: number;
  /** Pairs. */
  readonly genuine: number;
  readonly impostor: number;
}

/** The bins of a record's histogram; none if it has no histogram. */
export function scoreBins(record: PageRecord): ScoreBin[] {
  const { low, high, genuine, impostor } = record.scoreHistogram ?? { low: 0, high: 0, genuine: [], impostor: [] };
  const width = genuine.length === 0 ? 0 : (high - low) / genuine.length;
  return genuine.map((count, bin) => ({
    record,
    score: low + width * bin,
    genuine: count,
    impostor: impostor[bin] ?? 0,
  }));
}

/** How the scores of genuine and of impostor pairs spread, as shares of each kind, one over the other. */
export function scoreHistogramChart(record: PageRecord, colourOf: ColourOf): ChartDrawing<'bar'> {
  const bins = scoreBins(record);
  const total = (kind: 'genuine' | 'impostor'): number => bins.reduce((sum, bin) => sum + bin[kind], 0);
  const series = (kind: 'genuine' | 'impostor', index: number) => {
    const { colour, shape } = seriesStyle(colourOf, index);
    const pairs = total(kind);
    return {
      label: `${kind} (${formatCount(pairs)})`,
      data: bins.map((bin) => (pairs === 0 ? 0 : bin[kind] / pairs)),
      backgroundColor: translucent(colour, 0.6),
      barPercentage: 1,
      categoryPercentage: 1,
      grouped: false,
      pointStyle: shape,
    };
  };
  const { low = 0, high = 0 } = record.scoreHistogram ?? {};
  return {
    summary: `${record.key} ${record.label}: ${total('genuine')} genuine and ${total('impostor')} impostor pairs, scores from ${significant(low)} to ${significant(high)}`,
    config: {
      type: 'bar',
      data: {
        labels: bins.map(({ score }) => significant(score)),
        datasets: [series('impostor', 1), series('genuine', 0)],
      },
      options: {
        interaction: { mode: 'index', intersect: false },
        scales: {
          x: { ...axis(colourOf, 'Score'), type: 'category', ticks: { maxTicksLimit: 12, maxRotation: 0 } },
          y: percentAxis(colourOf, 'Share of its pairs', { min: 0 }),
        },
      },
    },
  };
}
