import type { Chart, Plugin } from 'chart.js';

/** An interval to draw: along x, along y, or both, through a point. */
export interface Whisker {
  readonly x: number;
  readonly y: number;
  readonly xInterval?: readonly [number, number];
  readonly yInterval?: readonly [number, number];
  readonly colour: string;
}

/** Draws intervals as lines with caps under the points, which Chart.js has no element for. */
export function whiskerPlugin(whiskers: readonly Whisker[]): Plugin {
  return {
    id: 'whiskers',
    beforeDatasetsDraw(chart: Chart) {
      const { ctx, chartArea, scales } = chart;
      ctx.save();
      ctx.beginPath();
      ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
      ctx.clip();
      ctx.lineWidth = 1.5;
      for (const { x, y, xInterval, yInterval, colour } of whiskers) {
        const at = { x: scales.x.getPixelForValue(x), y: scales.y.getPixelForValue(y) };
        ctx.strokeStyle = colour;
        ctx.beginPath();
        if (xInterval !== undefined) {
          const [from, to] = xInterval.map((value) => scales.x.getPixelForValue(value));
          line(ctx, from, at.y, to, at.y);
          line(ctx, from, at.y - 4, from, at.y + 4);
          line(ctx, to, at.y - 4, to, at.y + 4);
        }
        if (yInterval !== undefined) {
          const [from, to] = yInterval.map((value) => scales.y.getPixelForValue(value));
          line(ctx, at.x, from, at.x, to);
          line(ctx, at.x - 4, from, at.x + 4, from);
          line(ctx, at.x - 4, to, at.x + 4, to);
        }
        ctx.stroke();
      }
      ctx.restore();
    },
  };
}

function line(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
}
