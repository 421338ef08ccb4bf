import { type HtmlNode, html } from '../../html/node.js';
import type { PageData } from '../page-data.js';
import { severalConditions } from '../parts/several-conditions.js';
import { keyRange } from './key-range.js';

/** Up to so many warnings are shown unfolded. */
const fewWarnings = 3;

/** What a reader should know first: several protocols or data sets, and the warnings of the records, each once. */
export function notices(data: PageData): HtmlNode[] {
  const made: HtmlNode[] = [];
  const conditions = severalConditions(data.records.filter(({ ap }) => ap !== undefined));
  if (conditions !== undefined && data.decisions.length > 1) {
    made.push(
      html(
        'p',
        { class: 'notice' },
        `The APs on this page come from ${conditions}. Numbers of different protocols or data sets do not measure the same thing: they have tables of their own, and where they share a chart they are not compared.`,
      ),
    );
  }
  const keysOf = new Map<string, string[]>();
  for (const { key, warnings = [] } of data.records) {
    for (const warning of new Set(warnings)) keysOf.set(warning, [...(keysOf.get(warning) ?? []), key]);
  }
  if (keysOf.size > 0) {
    const summary = html('summary', {}, `${keysOf.size} warning${keysOf.size === 1 ? '' : 's'} on these records`);
    const list = [...keysOf].map(([warning, keys]) => html('li', {}, `${keyRange(keys)}: ${warning}`));
    made.push(html('details', { class: 'notice', open: keysOf.size <= fewWarnings }, summary, html('ul', {}, ...list)));
  }
  return made;
}
