import type { Chart, Plugin } from 'chart.js';
import { themeColour } from './theme.js';

/** A name to write beside a point. */
export interface PointLabel {
  readonly x: number;
  readonly y: number;
  readonly radiusPx: number;
  readonly text: string;
}

interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Longest label in characters; longer ones end in an ellipsis. */
const maxCharacters = 56;

/** Writes names beside points, each where it covers no name written before it: right, left, above, below, or nowhere. */
export function pointLabelPlugin(labels: readonly PointLabel[]): Plugin {
  return {
    id: 'point-labels',
    afterDatasetsDraw(chart: Chart) {
      const { ctx, scales, chartArea } = chart;
      ctx.save();
      ctx.font = '12px system-ui, sans-serif';
      ctx.textBaseline = 'top';
      ctx.fillStyle = themeColour('text');
      const taken: Rectangle[] = [];
      for (const label of labels) {
        const text = label.text.length > maxCharacters ? `${label.text.slice(0, maxCharacters - 1)}…` : label.text;
        const [x, y] = [scales.x.getPixelForValue(label.x), scales.y.getPixelForValue(label.y)];
        const [width, height] = [ctx.measureText(text).width, 14];
        const gap = label.radiusPx + 5;
        const places = [
          [x + gap, y - height / 2 - 9],
          [x - gap - width, y - height / 2 - 9],
          [x - width / 2, y - gap - height],
          [x - width / 2, y + gap],
        ];
        const place = places
          .map(([left, top]): Rectangle => ({ left, top, width, height }))
          .find((spot) => isInside(spot, chartArea) && !taken.some((other) => overlaps(spot, other)));
        if (place === undefined) continue;
        taken.push(place);
        ctx.fillText(text, place.left, place.top);
      }
      ctx.restore();
    },
  };
}

function isInside(spot: Rectangle, area: { left: number; right: number; top: number; bottom: number }): boolean {
  return (
    spot.left >= area.left &&
    spot.left + spot.width <= area.right &&
    spot.top >= area.top &&
    spot.top + spot.height <= area.bottom
  );
}

function overlaps(a: Rectangle, b: Rectangle): boolean {
  return a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;
}
