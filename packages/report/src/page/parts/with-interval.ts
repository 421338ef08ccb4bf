import { formatPoints } from '../../format/number.js';
import { type HtmlChild, html } from '../../html/node.js';

/** A share in percent with its 95 % interval in small print. */
export function withInterval(value: number | undefined, interval: readonly [number, number] | undefined): HtmlChild {
  if (value === undefined) return '';
  if (interval === undefined) return formatPoints(value);
  const [low, high] = interval.map((bound) => (bound * 100).toFixed(2));
  return html('span', {}, formatPoints(value), html('small', {}, `${low} – ${high}`));
}
