import { formatBytes } from '../../src/format/number.js';
import type { PageData, PageRecord } from '../../src/page/page-data.js';
import { element } from '../element.js';
import { swatch } from '../selection.js';

/** What each record was made of: protocol, data set, model, machine, command and warnings. */
export function provenanceSection(data: PageData): HTMLElement[] {
  return [element('div', { class: 'cards' }, ...data.records.map((record) => card(data, record)))];
}

function card(data: PageData, record: PageRecord): HTMLElement {
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
  const facts: [string, string | HTMLElement][] = [
    ['Kind', record.kind],
    ['Protocol', element('code', {}, id)],
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
    facts.push(['  hash', element('code', {}, dataset.sha256.slice(0, 16))]);
    for (const note of dataset.notes ?? []) facts.push(['  note', note]);
  }
  if (model !== undefined) {
    facts.push(['Model', model.id]);
    if (model.sha256 !== undefined) facts.push(['  hash', element('code', {}, model.sha256.slice(0, 16))]);
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
  return element(
    'article',
    { class: 'card', id: key, tabindex: -1 },
    element('h3', {}, swatch(data, record), `${key} ${label}`),
    ...(command === undefined ? [] : [element('pre', { class: 'command' }, command)]),
    element(
      'dl',
      {},
      ...facts.flatMap(([name, value]) => [
        element('dt', { class: name.startsWith('  ') ? 'inner' : undefined }, name.trim()),
        element('dd', {}, value),
      ]),
    ),
  );
}
