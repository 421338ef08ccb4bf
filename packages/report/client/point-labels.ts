import type { Chart, Plugin } from 'chart.js';

/** A name to write beside a point. */
export interface PointLabel {
  readonly x: number;
  readonly y: number;
  readonly radiusPx: number;
  /** The whisker through the point, along y. */
  readonly yInterval?: readonly [number, number];
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

const lineHeightPx = 14;

/** Half the width of a whisker with its caps, in pixels. */
const whiskerPx = 5;

/**
 * Writes names beside points, each right, left, above or below: where it covers no point, no whisker and no name written
 * before it, else where it covers no point and no name, else nowhere.
 */
export function pointLabelPlugin(labels: readonly PointLabel[], colour: string): Plugin {
  return {
    id: 'point-labels',
    afterDatasetsDraw(chart: Chart) {
      const { ctx, scales, chartArea } = chart;
      ctx.save();
      ctx.font = '12px system-ui, sans-serif';
      ctx.textBaseline = 'top';
      ctx.fillStyle = colour;
      const marks = labels.map((label) => marksOf(label, scales));
      const whiskers = marks.map(({ whisker }) => whisker);
      const taken = marks.map(({ point }) => point);
      labels.forEach((label, index) => {
        const text = label.text.length > maxCharacters ? `${label.text.slice(0, maxCharacters - 1)}…` : label.text;
        const free = placesBeside(marks[index], ctx.measureText(text).width).filter(
          (spot) => isInside(spot, chartArea) && !taken.some((other) => overlaps(spot, other)),
        );
        const place = free.find((spot) => !whiskers.some((other) => overlaps(spot, other))) ?? free[0];
        if (place === undefined) return;
        taken.push(place);
        ctx.fillText(text, place.left, place.top);
      });
      ctx.restore();
    },
  };
}

/** What is drawn of a point. */
interface Marks {
  readonly point: Rectangle;
  readonly whisker: Rectangle;
}

function marksOf({ x, y, radiusPx, yInterval = [y, y] }: PointLabel, { x: across, y: up }: Chart['scales']): Marks {
  const [centre, middle] = [across.getPixelForValue(x), up.getPixelForValue(y)];
  const [high, low] = yInterval.map((end) => up.getPixelForValue(end)).sort((a, b) => a - b);
  return {
    point: { left: centre - radiusPx, top: middle - radiusPx, width: 2 * radiusPx, height: 2 * radiusPx },
    whisker: { left: centre - whiskerPx, top: high, width: 2 * whiskerPx, height: low - high },
  };
}

/** Where a name may stand, best first. */
function placesBeside({ point, whisker }: Marks, width: number): Rectangle[] {
  const gap = 3;
  const right = Math.max(point.left + point.width, whisker.left + whisker.width) + gap;
  const left = Math.min(point.left, whisker.left) - gap - width;
  const centre = point.left + point.width / 2 - width / 2;
  const middle = point.top + point.height / 2;
  const places = [
    [right, middle - lineHeightPx - 2],
    [right, middle + 2],
    [left, middle - lineHeightPx - 2],
    [left, middle + 2],
    [centre, Math.min(point.top, whisker.top) - gap - lineHeightPx],
    [centre, Math.max(point.top + point.height, whisker.top + whisker.height) + gap],
  ];
  return places.map(([x, top]) => ({ left: x, top, width, height: lineHeightPx }));
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
