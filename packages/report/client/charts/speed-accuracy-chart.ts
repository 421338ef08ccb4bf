import { formatCount } from '@retinabench/results';
import type { ChartConfiguration } from 'chart.js';
import { paretoFront } from '../../src/decision/pareto.js';
import { formatMs, formatPoints } from '../../src/format/number.js';
import type { SpeedPoint } from '../../src/page/page-data.js';
import { logAxis, percentAxis } from '../axes.js';
import { type ColourOf, type SeriesStyle, translucent } from '../palette.js';
import { pointLabelPlugin } from '../point-labels.js';
import { whiskerPlugin } from '../whiskers.js';

/** The splits whose AP the chart can show. */
export const shownSplits = ['easy', 'medium', 'hard'] as const;

/** A split whose AP the chart can show. */
export type ShownSplit = (typeof shownSplits)[number];

/** What the chart of speed and accuracy is drawn from. */
export interface SpeedAccuracyInput {
  /** The points switched on; those without an AP of the split are left out. */
  readonly points: readonly SpeedPoint[];
  readonly split: ShownSplit;
  /** Colour and mark of each point. */
  readonly styles: readonly Pick<SeriesStyle, 'colour' | 'shape'>[];
  readonly colourOf: ColourOf;
}

/** The chart of speed and accuracy: its configuration, the same in words, and the points that it shows. */
export interface SpeedAccuracyDrawing {
  readonly config: ChartConfiguration<'bubble' | 'line'>;
  readonly summary: string;
  readonly shown: readonly SpeedPoint[];
}

interface Bubble {
  readonly point: SpeedPoint;
  readonly colour: string;
  readonly shape: SeriesStyle['shape'];
  readonly x: number;
  readonly y: number;
  readonly radiusPx: number;
  readonly yInterval?: readonly [number, number];
}

/**
 * AP of one split against the median time per image: a bubble a point with its interval and its name, and the Pareto
 * front as a line.
 *
 * @returns undefined if no point has an AP of the split.
 */
export function speedAccuracyChart(input: SpeedAccuracyInput): SpeedAccuracyDrawing | undefined {
  const { split, colourOf } = input;
  const bubbles = bubblesOf(input);
  if (bubbles.length === 0) return undefined;
  const front = paretoFront(bubbles.map(({ x, y }) => ({ cost: x, value: y })));
  const line = front.map((index) => ({ x: bubbles[index].x, y: bubbles[index].y }));
  return {
    shown: bubbles.map(({ point }) => point),
    summary: `${bubbles.length} detectors; on the Pareto front: ${front.map((index) => describe(bubbles[index])).join('; ')}.`,
    config: {
      type: 'bubble',
      data: { datasets: [...bubbles.map(bubbleDataset), frontDataset(line, colourOf)] },
      options: {
        scales: {
          x: logAxis(
            colourOf,
            'Total latency per image, median, ms',
            String,
            timeBounds(bubbles),
            [1, 1.5, 2, 3, 4, 5, 6, 8],
          ),
          y: percentAxis(colourOf, `AP ${split}`, apBounds(bubbles)),
        },
        plugins: {
          legend: { display: false },
          tooltip: {
            callbacks: {
              label: ({ datasetIndex }) => (bubbles[datasetIndex] === undefined ? '' : describe(bubbles[datasetIndex])),
            },
          },
        },
      },
      plugins: [
        whiskerPlugin(bubbles.map(({ point, ...bubble }) => ({ ...bubble, xInterval: point.latencyInterval }))),
        pointLabelPlugin(
          bubbles.map(({ point, ...bubble }) => ({ ...bubble, text: point.label })),
          colourOf('text'),
        ),
      ],
    },
  };
}

function bubbleDataset({ point, colour, shape, x, y, radiusPx }: Bubble) {
  return {
    type: 'bubble' as const,
    label: point.label,
    data: [{ x, y, r: radiusPx }],
    backgroundColor: translucent(colour, 0.55),
    borderColor: colour,
    borderWidth: 1.5,
    pointStyle: shape,
    clip: false as const,
  };
}

function frontDataset(data: { x: number; y: number }[], colourOf: ColourOf) {
  return {
    type: 'line' as const,
    label: 'Pareto front',
    data,
    borderColor: colourOf('text-soft'),
    borderDash: [6, 4],
    borderWidth: 1.5,
    pointRadius: 0,
    pointHitRadius: 0,
    stepped: 'before' as const,
  };
}

function bubblesOf({ points, split, styles }: SpeedAccuracyInput): Bubble[] {
  const placed = points.flatMap((point, index) => {
    const y = point.ap?.[split];
    const yInterval = point.interval?.[split];
    if (y === undefined) return [];
    return [{ point, ...styles[index], x: point.latencyMs, y, ...(yInterval === undefined ? {} : { yInterval }) }];
  });
  const most = Math.max(...placed.map(({ point }) => point.parameters ?? 0));
  return placed.map((bubble) => ({ ...bubble, radiusPx: radiusPx(bubble.point.parameters, most) }));
}

/** 5 to 22 pixels, the area in proportion to the parameters; 7 where they are not known. */
function radiusPx(parameters: number | undefined, most: number): number {
  return parameters === undefined || most === 0 ? 7 : Math.max(5, 22 * Math.sqrt(parameters / most));
}

function timeBounds(bubbles: readonly Bubble[]): { min: number; max: number } {
  const low = Math.min(...bubbles.map(({ point }) => point.latencyInterval[0] || point.latencyMs));
  const high = Math.max(...bubbles.map(({ point }) => point.latencyInterval[1]));
  return { min: low / 1.6, max: high * 1.6 };
}

/** Whole steps of 2 points around all intervals, with room of a fifth of their range and 2 points at least. */
function apBounds(bubbles: readonly Bubble[]): { min: number; max: number } {
  const low = Math.min(...bubbles.map(({ y, yInterval }) => yInterval?.[0] ?? y));
  const high = Math.max(...bubbles.map(({ y, yInterval }) => yInterval?.[1] ?? y));
  const room = Math.max(0.02, (high - low) * 0.2);
  return { min: Math.max(0, Math.floor((low - room) * 50) / 50), max: Math.min(1, Math.ceil((high + room) * 50) / 50) };
}

function describe({ point, y }: Bubble): string {
  const size = point.parameters === undefined ? '' : `, ${formatCount(point.parameters)} parameters`;
  return `${point.label}: ${formatPoints(y)}, ${formatMs(point.latencyMs)}${size}`;
}
