import type { ImageChange } from '../../src/view/compare-image.js';
import type { ListedImage } from '../../src/view/list-images.js';
import { falsePositives, type Tally } from '../../src/view/tally-image.js';
import { element } from '../element.js';
import type { ViewState } from './view-state.js';
import { virtualRows } from './virtual-rows.js';

const rowPx = 76;

/** The list of images, of which only the rows in sight are there. */
export function imageList(state: ViewState): HTMLElement {
  const rows = virtualRows({
    rowPx,
    label: 'Images',
    role: 'list',
    makeRow: (at) => rowOf(state, state.listed[at]),
  });
  const count = element('p', { class: 'count', 'aria-live': 'polite' });
  let image = -1;
  const { images, runs } = state.index;
  const evaluated = images.filter((_, at) => runs.some((run) => run.evaluated[at] === 1)).length;
  const show = (): void => {
    count.textContent = `${state.listed.length} of ${evaluated} images${state.marked.size > 0 ? `, ${state.marked.size} marked` : ''}`;
    rows.setCount(state.listed.length);
    if (state.image === image) return;
    image = state.image;
    rows.reveal(state.listed.findIndex((listed) => listed.image === image));
  };
  state.onChange(show);
  show();
  return element('div', { class: 'list' }, count, rows.element);
}

function rowOf(state: ViewState, { image, a, b, change }: ListedImage): HTMLElement {
  const { index } = state;
  const name = index.images[image];
  const mark = element('input', { type: 'checkbox', checked: state.marked.has(image), 'aria-label': `Mark ${name}` });
  mark.addEventListener('click', (event) => {
    event.stopPropagation();
    state.toggleMark(image);
  });
  const picture = pictureOf(state, image);
  const row = element(
    'div',
    { class: 'row', role: 'listitem', 'aria-current': state.image === image && 'true', 'data-image': image },
    mark,
    picture,
    element(
      'div',
      { class: 'row-text' },
      element('button', { type: 'button', class: 'row-name', title: name }, name.slice(name.lastIndexOf('/') + 1)),
      ...(a === undefined ? [] : [counts(index.records[state.choice.a].key, a)]),
      ...(b === undefined || state.choice.b === undefined ? [] : [counts(index.records[state.choice.b].key, b)]),
      ...(change === undefined ? [] : [element('span', { class: 'row-change' }, describeChange(change))]),
    ),
  );
  row.addEventListener('click', () => state.look(image));
  return row;
}

/** Small pictures that were made, so that rows that are made again do not flicker. */
const pictures = new Map<number, HTMLElement>();
const mostPictures = 400;

function pictureOf({ index }: ViewState, image: number): HTMLElement {
  const known = pictures.get(image);
  if (known !== undefined) return known;
  const made =
    index.present[image] === 1
      ? element('img', { src: `thumb/${image}`, alt: '', loading: 'lazy', decoding: 'async' })
      : element('span', { class: 'no-picture' }, 'no file');
  if (pictures.size >= mostPictures) pictures.clear();
  pictures.set(image, made);
  return made;
}

function counts(key: string, tally: Tally): HTMLElement {
  return element(
    'span',
    { class: 'row-counts' },
    element('span', { class: 'key' }, key),
    element('span', { class: 'hit' }, `${tally.found} found`),
    element('span', { class: 'miss' }, `${tally.missed} missed`),
    element('span', { class: 'false' }, `${falsePositives(tally)} false`),
  );
}

function describeChange({ lost, gained, falsePositives: wrong }: ImageChange): string {
  const parts: string[] = [];
  if (gained > 0) parts.push(`+${gained} found`);
  if (lost > 0) parts.push(`−${lost} found`);
  if (wrong !== 0) parts.push(`${wrong > 0 ? '+' : '−'}${Math.abs(wrong)} false`);
  return parts.join(', ');
}
