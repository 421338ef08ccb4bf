import type { Chart, Plugin } from 'chart.js';

/** The interval of one bar: of series `series`, at category `index`. */
export interface BarWhisker {
  readonly series: number;
  readonly index: number;
  readonly interval: readonly [number, number];
  readonly colour: string;
}

/** Draws intervals on upright bars, at the middle of each bar whatever the number of series. */
export function barWhiskerPlugin(whiskers: readonly BarWhisker[]): Plugin {
  return {
    id: 'bar-whiskers',
    afterDatasetsDraw(chart: Chart) {
      const { ctx, scales } = chart;
      ctx.save();
      ctx.lineWidth = 1.5;
      for (const { series, index, interval, colour } of whiskers) {
        const bar = chart.getDatasetMeta(series).data[index];
        if (bar === undefined) continue;
        const [from, to] = interval.map((value) => scales.y.getPixelForValue(value));
        ctx.strokeStyle = colour;
        ctx.beginPath();
        ctx.moveTo(bar.x, from);
        ctx.lineTo(bar.x, to);
        for (const end of [from, to]) {
          ctx.moveTo(bar.x - 4, end);
          ctx.lineTo(bar.x + 4, end);
        }
        ctx.stroke();
      }
      ctx.restore();
    },
  };
}
