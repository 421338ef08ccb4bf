import { firstChoice } from './first-choice.js';
import { folderOf, looks, orders, type ViewChoice } from './list-images.js';
import type { ViewIndex } from './view-index.js';

/** What a page shows: a choice, and the image that is looked at. */
export interface Viewed {
  readonly choice: ViewChoice;
  /** Place in the index. */
  readonly image: number;
}

/** A view read from a link, with what of it cannot be shown. */
export interface LinkedView {
  readonly choice: ViewChoice;
  /** Absent: the link names none that is here. */
  readonly image?: number;
  readonly doubts: readonly string[];
}

/**
 * A view as the part of an address after `#`: names and not places, so that it can be read and means the same on another machine. What
 * is as the page opens is left out. The records are held by a digest of their numbers (`of`).
 */
export function formatViewLink(index: ViewIndex, { choice, image }: Viewed): string {
  const first = firstChoice(index);
  const { a, b, scores, split, folder, text, look, filter, changedOnly, order } = choice;
  const { records } = index;
  const parts: [string, string][] = [['image', index.images[image] ?? '']];
  const add = (name: string, value: string | number, isFirst: boolean): void => {
    if (!isFirst) parts.push([name, String(value)]);
  };
  add('record', records[a].key, a === first.a);
  add('beside', b === undefined ? 'none' : records[b].key, b === first.b);
  scores.forEach((score, record) => {
    add(`score.${records[record].key}`, score, score === first.scores[record]);
  });
  add('split', index.splits[split] ?? '', split === first.split);
  add('with', look, look === first.look);
  add('folder', folder ?? '', folder === undefined);
  add('from', filter.lowPx, filter.lowPx === first.filter.lowPx);
  add('to', filter.highPx, filter.highPx === first.filter.highPx);
  add('attribute', index.attributes[31 - Math.clz32(filter.attribute)] ?? '', filter.attribute === 0);
  add('name', text, text === '');
  add('order', order, order === first.order);
  add('changed', 'only', !changedOnly);
  parts.push(['of', digestOf(index)]);
  return parts.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
}

/**
 * Read a view from the part of an address after `#`.
 *
 * @returns what it asks for; what cannot be read, or is not of these records, is as the page opens, and a doubt says so.
 */
export function readViewLink(index: ViewIndex, text: string): LinkedView {
  const first = firstChoice(index);
  const doubts: string[] = [];
  const values = partsOf(text, doubts);
  const take = (name: string): string | undefined => {
    const value = values.get(name);
    values.delete(name);
    return value;
  };
  /** The place of a name among those that there are. */
  const placeOf = (name: string, known: readonly string[], otherwise: number): number => {
    const value = take(name);
    const place = value === undefined ? otherwise : known.indexOf(value);
    if (place >= 0) return place;
    doubts.push(`${name}: expected ${known.length > 8 ? 'one that is here' : known.join(', ')}, got ${value}`);
    return otherwise;
  };
  const numberOf = (name: string, otherwise: number): number => {
    const value = take(name);
    const number = value === undefined ? otherwise : Number(value);
    if (value?.trim() !== '' && !Number.isNaN(number)) return number;
    doubts.push(`${name}: expected a number, got ${value}`);
    return otherwise;
  };
  const of = take('of');
  if (of !== undefined && of !== digestOf(index)) {
    doubts.push('it was made of records with other numbers: the images and scores may not be those that were meant');
  }
  const keys = index.records.map(({ key }) => key);
  const a = placeOf('record', keys, first.a);
  const beside = placeOf('beside', ['none', ...keys], first.b === undefined ? 0 : first.b + 1);
  const folders = [...new Set(index.images.map(folderOf))];
  const folder = values.has('folder') ? placeOf('folder', folders, -1) : -1;
  const attribute = values.has('attribute') ? placeOf('attribute', index.attributes, -1) : -1;
  const choice: ViewChoice = {
    a,
    ...(beside === 0 ? {} : { b: beside - 1 }),
    scores: keys.map((key, record) => numberOf(`score.${key}`, first.scores[record])),
    split: placeOf('split', index.splits, first.split),
    look: looks[placeOf('with', looks, looks.indexOf(first.look))],
    ...(folder < 0 ? {} : { folder: folders[folder] }),
    filter: {
      lowPx: numberOf('from', first.filter.lowPx),
      highPx: numberOf('to', first.filter.highPx),
      attribute: attribute < 0 ? 0 : 1 << attribute,
    },
    text: take('name') ?? first.text,
    order: orders[placeOf('order', orders, orders.indexOf(first.order))],
    changedOnly: take('changed') === 'only' && beside !== 0,
  };
  const image = values.has('image') ? placeOf('image', index.images, -1) : -1;
  for (const name of values.keys()) doubts.push(`${name}: no setting of a view`);
  return { choice, ...(image < 0 ? {} : { image }), doubts };
}

function partsOf(text: string, doubts: string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const part of text.replace(/^#/, '').split('&')) {
    if (part === '') continue;
    const at = part.includes('=') ? part.indexOf('=') : part.length;
    try {
      values.set(decodeURIComponent(part.slice(0, at)), decodeURIComponent(part.slice(at + 1)));
    } catch {
      doubts.push(`${part}: expected percent-encoded UTF-8, got something else`);
    }
  }
  return values;
}

/** Numbers of the records and sizes of their runs, hashed (FNV-1a, 32 bits): equal for the same records anywhere. */
function digestOf({ records, runs, images }: ViewIndex): string {
  const told = [
    images.length,
    ...records.map(({ numbers, protocolId }, at) => [numbers, protocolId, runs[at].scores.length]),
  ];
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(told)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, '0');
}
