import { backendInWords } from '../../format/backend-in-words.js';
import { formatBytes } from '../../format/number.js';
import { machineClass } from '../../gate/machine-class.js';
import { type HtmlNode, html } from '../../html/node.js';
import type { PageData, PageRecord } from '../page-data.js';
import { swatch } from '../parts/swatch.js';
import { keyRange } from './key-range.js';

/**
 * What each record was made of: one line a record, with what differs from the others of its kind first; what all of a kind
 * share is said once, as is each command. Everything that a record states is folded below its line.
 */
export function provenanceSection(data: PageData): HtmlNode[] {
  const kinds = [...new Set(data.records.map(({ kind }) => kind))];
  return [
    ...kinds.flatMap((kind) =>
      kindNodes(
        data,
        data.records.filter((record) => record.kind === kind),
      ),
    ),
    ...commands(data),
  ];
}

function kindNodes(data: PageData, records: readonly PageRecord[]): HtmlNode[] {
  const facts = records.map(factsOf);
  const names = [...new Set(facts.flatMap((own) => [...own.keys()]))];
  const isShared = (name: string): boolean => facts.every((own) => own.get(name) === facts[0].get(name));
  const shared = records.length < 2 ? [] : names.filter(isShared);
  const own = names.filter((name) => !shared.includes(name));
  return [
    html('h3', { class: 'provenance-title' }, `${records[0].kind}, ${keyRange(records.map(({ key }) => key))}`),
    ...(shared.length === 0
      ? []
      : [
          html(
            'p',
            { class: 'source' },
            `Shared by all ${records.length}: ${shared.map((name) => `${name} ${facts[0].get(name)}`).join(' · ')}.`,
          ),
        ]),
    ...records.map((record, index) => {
      const differing = own.flatMap((name) => {
        const value = facts[index].get(name);
        return value === undefined ? [] : [`${name} ${value}`];
      });
      return card(data, record, differing);
    }),
  ];
}

/** What a record was made of, by name, in the order in which it is told. */
function factsOf(record: PageRecord): Map<string, string> {
  const { protocol, dataset, backend, environment, model } = record;
  const { id, ...settings } = protocol;
  return new Map([
    ...(model?.sha256 === undefined ? [] : ([['model', model.sha256.slice(0, 12)]] as [string, string][])),
    ...(backend === undefined
      ? []
      : ([
          ['backend', `${backend.id} ${backend.version}`],
          ['threads', backend.threads === undefined ? 'unknown' : String(backend.threads)],
        ] as [string, string][])),
    ['protocol', id],
    ...Object.entries(settings).map(([name, value]): [string, string] => [
      name,
      Array.isArray(value) ? value.join(', ') : String(value),
    ]),
    ...(dataset === undefined
      ? []
      : ([
          [
            'data set',
            `${dataset.name}${dataset.split === undefined ? '' : ` ${dataset.split}`}, ${dataset.images} images`,
          ],
          ['data set hash', dataset.sha256.slice(0, 12)],
        ] as [string, string][])),
    ['machine', machineClass(environment)],
    ['build', environment.build ?? 'unknown'],
  ]);
}

function card(data: PageData, record: PageRecord, differing: readonly string[]): HtmlNode {
  const { key, label, command } = record;
  return html(
    'details',
    { class: 'card', id: key },
    html(
      'summary',
      {},
      swatch(data, record),
      html('strong', {}, `${key} ${label}`),
      html('span', { class: 'differs' }, differing.length === 0 ? '' : ` ${differing.join(' · ')}`),
    ),
    ...(command === undefined ? [] : [html('pre', { class: 'command' }, command)]),
    html(
      'dl',
      {},
      ...cardRows(record).flatMap(([name, value]) => [
        html('dt', { class: name.startsWith('  ') ? 'inner' : undefined }, name.trim()),
        html('dd', {}, value),
      ]),
    ),
  );
}

/** What a card states, by name; a name that is set in is part of the one above. */
type CardRows = readonly (readonly [name: string, value: string | HtmlNode])[];

function cardRows({
  kind,
  protocol,
  backend,
  environment,
  file,
  createdAt,
  warnings = [],
  ...record
}: PageRecord): CardRows {
  const { id, ...settings } = protocol;
  return [
    ['Kind', kind],
    ['Protocol', html('code', {}, id)],
    ...named(settings, (value) => (Array.isArray(value) ? value.join(', ') : String(value))),
    ...datasetRows(record.dataset),
    ...modelRows(record.model),
    ...(backend === undefined ? [] : [['Backend', backendInWords(backend)] as const]),
    ['Machine', `${environment.cpu}, ${environment.cores} cores, ${formatBytes(environment.memoryBytes)}`],
    ['  system', `${environment.os}, Node ${environment.node}`],
    ...named(environment.packageVersions, String),
    ['File', file],
    ['Made', createdAt],
    ...warnings.map((warning) => ['Warning', warning] as const),
  ];
}

function datasetRows(dataset: PageRecord['dataset']): CardRows {
  if (dataset === undefined) return [];
  const split = dataset.split === undefined ? '' : ` ${dataset.split}`;
  return [
    ['Data set', `${dataset.name}${split}, ${dataset.images} images`],
    ['  hash', html('code', {}, dataset.sha256.slice(0, 16))],
    ...(dataset.notes ?? []).map((note) => ['  note', note] as const),
  ];
}

function modelRows(model: PageRecord['model']): CardRows {
  if (model === undefined) return [];
  const { id, sha256, bytes } = model;
  return [
    ['Model', id],
    ...(sha256 === undefined ? [] : [['  hash', html('code', {}, sha256.slice(0, 16))] as const]),
    ...(bytes === undefined ? [] : [['  size', formatBytes(bytes)] as const]),
  ];
}

function named<Value>(values: Readonly<Record<string, Value>>, format: (value: Value) => string): CardRows {
  return Object.entries(values).map(([name, value]) => [`  ${name}`, format(value)]);
}

/** Each command once, with the records that it made. */
function commands({ records }: PageData): HtmlNode[] {
  const keysOf = new Map<string, string[]>();
  for (const { key, command } of records) {
    if (command !== undefined) keysOf.set(command, [...(keysOf.get(command) ?? []), key]);
  }
  if (keysOf.size === 0) return [];
  return [
    html('h3', { class: 'provenance-title' }, 'Commands'),
    html(
      'ul',
      { class: 'source' },
      ...[...keysOf].map(([command, keys]) => html('li', {}, `${keyRange(keys)}: `, html('code', {}, command))),
    ),
  ];
}
