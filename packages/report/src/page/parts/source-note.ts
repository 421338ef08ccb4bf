import { backendInWords } from '../../format/backend-in-words.js';
import { machineClass } from '../../gate/machine-class.js';
import { type HtmlNode, html } from '../../html/node.js';
import type { PageData, PageRecord } from '../page-data.js';
import { swatch } from './swatch.js';

/** A link to where a record's protocol, data set, machine and command are stated. */
export function recordLink(data: PageData, record: PageRecord): HtmlNode {
  return html(
    'span',
    { class: 'record-link' },
    swatch(data, record),
    html('a', { href: `#${record.key}` }, `${record.key} ${record.label}`),
  );
}

/**
 * Where the numbers of a chart or table come from: protocol id, data set and machine, said once for all records that
 * share them; the records' commands stand behind the links.
 */
export function sourceNote(records: readonly PageRecord[]): HtmlNode {
  const groups = new Map<string, PageRecord[]>();
  for (const record of records) {
    const source = sourceOf(record);
    groups.set(source, [...(groups.get(source) ?? []), record]);
  }
  const lines = [...groups].map(([source, members]) =>
    html(
      'li',
      {},
      ...members.flatMap(({ key, label, command }, index) => [
        index === 0 ? '' : ', ',
        html('a', { href: `#${key}`, title: command ?? label }, key),
      ]),
      `: ${source}`,
    ),
  );
  return html('ul', { class: 'source' }, ...lines);
}

/** Protocol, data set and machine of a record in words. */
export function sourceOf({ protocol, dataset, environment, backend }: PageRecord): string {
  const split = dataset?.split === undefined ? '' : ` ${dataset.split}`;
  const parts = [
    `protocol ${protocol.id}`,
    ...(dataset === undefined ? [] : [`${dataset.name}${split}, ${dataset.images} images`]),
    ...(backend === undefined ? [] : [backendInWords(backend)]),
    machineClass(environment),
  ];
  return parts.join(' · ');
}
