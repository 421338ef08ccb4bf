import { formatBytes } from '../../format/number.js';
import { type HtmlNode, html } from '../../html/node.js';
import type { PageData, PageRecord } from '../page-data.js';
import { swatch } from '../parts/swatch.js';

/** What each record was made of: protocol, data set, model, machine, command and warnings. */
export function provenanceSection(data: PageData): HtmlNode[] {
  return [html('div', { class: 'cards' }, ...data.records.map((record) => card(data, record)))];
}

function card(data: PageData, record: PageRecord): HtmlNode {
  const {
    key,
    label,
    protocol,
    dataset,
    model,
    backend,
    environment,
    command,
    warnings = [],
    file,
    createdAt,
  } = record;
  const { id, ...settings } = protocol;
  const facts: [string, string | HtmlNode][] = [
    ['Kind', record.kind],
    ['Protocol', html('code', {}, id)],
    ...Object.entries(settings).map(([name, value]): [string, string] => [
      `  ${name}`,
      Array.isArray(value) ? value.join(', ') : String(value),
    ]),
  ];
  if (dataset !== undefined) {
    facts.push([
      'Data set',
      `${dataset.name}${dataset.split === undefined ? '' : ` ${dataset.split}`}, ${dataset.images} images`,
    ]);
    facts.push(['  hash', html('code', {}, dataset.sha256.slice(0, 16))]);
    for (const note of dataset.notes ?? []) facts.push(['  note', note]);
  }
  if (model !== undefined) {
    facts.push(['Model', model.id]);
    if (model.sha256 !== undefined) facts.push(['  hash', html('code', {}, model.sha256.slice(0, 16))]);
    if (model.bytes !== undefined) facts.push(['  size', formatBytes(model.bytes)]);
  }
  if (backend !== undefined) facts.push(['Backend', `${backend.id} ${backend.version}, ${backend.threads} threads`]);
  facts.push(
    ['Machine', `${environment.cpu}, ${environment.cores} cores, ${formatBytes(environment.memoryBytes)}`],
    ['  system', `${environment.os}, Node ${environment.node}`],
    ...Object.entries(environment.packageVersions).map(([name, version]): [string, string] => [`  ${name}`, version]),
    ['File', file],
    ['Made', createdAt],
  );
  for (const warning of warnings) facts.push(['Warning', warning]);
  return html(
    'article',
    { class: 'card', id: key, tabindex: -1 },
    html('h3', {}, swatch(data, record), `${key} ${label}`),
    ...(command === undefined ? [] : [html('pre', { class: 'command' }, command)]),
    html(
      'dl',
      {},
      ...facts.flatMap(([name, value]) => [
        html('dt', { class: name.startsWith('  ') ? 'inner' : undefined }, name.trim()),
        html('dd', {}, value),
      ]),
    ),
  );
}
