import { type HtmlNode, html } from '../../html/node.js';
import type { ComparedNumber } from '../page-data.js';

/** A difference as the page shows it: in points where the number is a share, else relative to the baseline. */
export interface ScaledDifference {
  readonly difference: number;
  readonly interval?: readonly [number, number];
}

const barWidth = 150;
const barHeight = 18;

/**
 * A difference and its interval on a line through zero, to scale with the other rows of its unit.
 *
 * @param scale the largest difference that the line shows.
 */
export function differenceBar(scaled: ScaledDifference, mark: ComparedNumber['mark'], scale: number): HtmlNode {
  const x = (value: number): number => barWidth / 2 + (value / scale) * (barWidth / 2 - 8);
  const [low, high] = scaled.interval ?? [scaled.difference, scaled.difference];
  const y = barHeight / 2;
  return html(
    'svg',
    {
      class: `bar ${mark.replaceAll(' ', '-')}`,
      width: barWidth,
      height: barHeight,
      viewBox: `0 0 ${barWidth} ${barHeight}`,
      'aria-hidden': 'true',
    },
    html('line', { class: 'zero', x1: barWidth / 2, x2: barWidth / 2, y1: 1, y2: barHeight - 1 }),
    html('line', { class: 'extent', x1: x(low), x2: x(high), y1: y, y2: y }),
    html('circle', { cx: x(scaled.difference), cy: y, r: 4 }),
  );
}
