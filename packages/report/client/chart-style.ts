import {
  BarController,
  BarElement,
  BubbleController,
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
} from 'chart.js';
import { themeColour } from './theme.js';

/** What a legend entry takes beside its text, in pixels. */
const legendMarkPx = 48;

/** Register the parts of Chart.js that the page uses, and set what all charts share. */
export function setUpCharts(): void {
  Chart.register(
    BarController,
    BarElement,
    BubbleController,
    CategoryScale,
    Legend,
    LinearScale,
    LineController,
    LineElement,
    LogarithmicScale,
    PointElement,
    Tooltip,
  );
  Chart.defaults.animation = false;
  Chart.defaults.maintainAspectRatio = false;
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 12;
  Chart.defaults.plugins.legend.position = 'bottom';
  Chart.defaults.plugins.legend.labels.usePointStyle = true;
  Chart.defaults.plugins.legend.labels.boxHeight = 8;
  const { generateLabels } = Chart.defaults.plugins.legend.labels;
  Chart.defaults.plugins.legend.labels.generateLabels = (chart) =>
    generateLabels(chart).map((item) => ({ ...item, text: shortened(item.text, chart) }));
  Chart.defaults.plugins.tooltip.usePointStyle = true;
  Chart.defaults.plugins.tooltip.boxPadding = 4;
  applyChartColours();
}

/** A legend entry that fits its chart: the middle of a long one is left out, since labels differ at their ends. */
function shortened(text: string, { ctx, width }: Chart): string {
  const roomPx = width - legendMarkPx;
  const fits = (candidate: string): boolean => ctx.measureText(candidate).width <= roomPx;
  let kept = text.length;
  while (kept > 2 && !fits(middleCut(text, kept))) kept--;
  return middleCut(text, kept);
}

function middleCut(text: string, kept: number): string {
  if (kept >= text.length) return text;
  const head = Math.ceil(kept / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (kept - head))}`;
}

/** Give the charts drawn from now on the colours of the theme. */
export function applyChartColours(): void {
  Chart.defaults.color = themeColour('text-soft');
  Chart.defaults.borderColor = themeColour('grid');
  Chart.defaults.plugins.tooltip.backgroundColor = themeColour('tooltip');
  Chart.defaults.plugins.tooltip.titleColor = themeColour('tooltip-text');
  Chart.defaults.plugins.tooltip.bodyColor = themeColour('tooltip-text');
}

/** An axis with a title. */
export function axis(text: string) {
  return { title: { display: true, text, color: themeColour('text') }, grid: { color: themeColour('grid') } };
}

/** An axis of shares from 0 to 1, marked in percent. */
export function percentAxis(text: string, bounds: { min?: number; max?: number } = { min: 0, max: 1 }) {
  return {
    ...axis(text),
    type: 'linear' as const,
    ...bounds,
    ticks: {
      includeBounds: false,
      callback: (value: string | number) => `${Number((Number(value) * 100).toFixed(2))} %`,
    },
  };
}

/**
 * A logarithmic axis.
 *
 * @param digits leading digits of the marks: powers of ten alone, or others between them.
 */
export function logAxis(
  text: string,
  format: (value: number) => string,
  bounds: { min: number; max: number },
  digits: readonly number[] = [1],
) {
  return {
    ...axis(text),
    type: 'logarithmic' as const,
    ...bounds,
    ticks: {
      maxRotation: 0,
      callback: (value: string | number) => {
        const digit = Number(value) / 10 ** Math.floor(Math.log10(Number(value)) + 1e-9);
        return digits.some((mark) => Math.abs(digit - mark) < 1e-6) ? format(Number(value)) : '';
      },
    },
  };
}
