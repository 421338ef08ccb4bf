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
