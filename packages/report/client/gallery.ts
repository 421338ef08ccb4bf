import { formatPointDifference } from '../src/format/number.js';
import { changedImages } from '../src/page/changed-images.js';
import type { GalleryBox, GalleryBoxKind, GalleryCrop, GalleryImage, PageData } from '../src/page/page-data.js';
import { recordLink } from '../src/page/parts/source-note.js';
import { labelledSelect } from './chart-panel.js';
import { domOf } from './dom.js';
import { element, svgElement } from './element.js';
import { createZoom, type Zoom } from './zoom.js';

const kinds: readonly GalleryBoxKind[] = ['miss', 'false positive', 'hit', 'ignored'];
const all = 'all';

/** The images that cost most AP, with what was found, missed and invented drawn on them. */
export function gallerySection(data: PageData): HTMLElement[] {
  const { gallery } = data;
  if (gallery.length === 0) return [];
  const numbers = [...new Set(gallery.map(({ number }) => number))];
  const filters = galleryFilters(data);
  const changes = changeFilter(gallery);
  const zoom = createZoom();
  const list = element('div', { class: 'gallery' });
  const count = element('span', { class: 'count', 'aria-live': 'polite' });
  const draw = (): void => {
    const { isOfChange, images, texts } = changes.chosen();
    const shown = images.filter((image) => filters.keeps(image, isOfChange));
    zoom.clear();
    filters.record.disabled = isOfChange;
    list.classList.toggle('side-by-side', isOfChange);
    list.replaceChildren(...shown.map((image) => figure(data, image, zoom, texts.get(image))));
    count.textContent = `${shown.length} of ${gallery.length} images`;
  };
  const selects = [changes.select, ...filters.selects];
  for (const select of selects) select.addEventListener('change', draw);
  draw();
  const toggles = kinds.map((kind) => toggle(kind, list));
  return [
    element(
      'p',
      { class: 'hint' },
      `Worst first. ${numbers.join(' or ')} lost to an image is what the run would gain if it found every face there and nothing else.`,
    ),
    ...data.galleryNotes.map((note) => element('p', { class: 'hint' }, note)),
    element('div', { class: 'table-bar' }, ...selects, ...toggles, count),
    list,
    zoom.dialog,
  ];
}

/** Choices of record, split, event, missed face and error; `keeps` says which images all of them keep. */
function galleryFilters({ gallery, records }: PageData) {
  const labels = new Map(records.map(({ key, label }) => [key, `${key} ${label}`]));
  const record = labelledSelect('Record', choices(gallery.map(({ key }) => labels.get(key) ?? key)));
  const split = labelledSelect('Split', choices(gallery.map((image) => image.split)));
  const event = labelledSelect('Event', choices(gallery.map((image) => image.event).sort()));
  const attribute = labelledSelect('Missed face', choices(gallery.flatMap(missedAttributes).sort()));
  const errors = choices(gallery.flatMap(errorsOf).sort());
  const error = labelledSelect('Error', errors);
  error.hidden = errors.length === 1;
  split.hidden = gallery.every((image) => image.split === all);
  event.hidden = gallery.every((image) => image.event === '');
  return {
    record,
    selects: [record, split, event, attribute, error],
    keeps: (image: GalleryImage, isOfAnyRecord: boolean): boolean =>
      (isOfAnyRecord || record.value === all || labels.get(image.key) === record.value) &&
      (split.value === all || image.split === split.value) &&
      (event.value === all || image.event === event.value) &&
      (attribute.value === all || missedAttributes(image).includes(attribute.value)) &&
      (error.value === all || errorsOf(image).includes(error.value)),
  };
}

/** The choice of what changed between two records, both of which stand side by side then; else all images. */
function changeFilter(gallery: readonly GalleryImage[]) {
  const pairs = pairsOf(gallery.map(({ key }) => key));
  const select = labelledSelect('Changed', [all, ...pairs.map(([a, b]) => `${a} to ${b}`)]);
  select.hidden = pairs.length === 0;
  const chosen = () => {
    const texts = new Map<GalleryImage, string>();
    const pair = pairs.find(([a, b]) => select.value === `${a} to ${b}`);
    if (pair === undefined) return { isOfChange: false, images: gallery, texts };
    const images = changedImages(gallery, ...pair).flatMap(({ before, after, found, lost, falsePositives }) => {
      const more = falsePositives < 0 ? `${-falsePositives} fewer` : `${falsePositives} more`;
      texts.set(after, `${found} faces found anew, ${lost} lost, ${more} false positives`);
      return [before, after];
    });
    return { isOfChange: true, images, texts };
  };
  return { select, chosen };
}

/** What can be chosen: all, or one of the values. */
function choices(values: readonly string[]): string[] {
  return [all, ...new Set(values)];
}

/** Every two records of the gallery, in their order. */
function pairsOf(keys: readonly string[]): [string, string][] {
  const distinct = [...new Set(keys)];
  return distinct.flatMap((a, index) => distinct.slice(index + 1).map((b): [string, string] => [a, b]));
}

/** Types of the false positives that are drawn. */
function errorsOf({ boxes }: GalleryImage): string[] {
  return boxes.flatMap((box) => box.error ?? []);
}

function missedAttributes({ boxes }: GalleryImage): string[] {
  return boxes.filter(({ kind }) => kind === 'miss').flatMap(({ attributes = [] }) => attributes);
}

function toggle(kind: GalleryBoxKind, list: HTMLElement): HTMLElement {
  const name = kind.replace(' ', '-');
  const input = element('input', { type: 'checkbox', checked: kind !== 'ignored' });
  const apply = (): void => {
    list.classList.toggle(`hide-${name}`, !input.checked);
  };
  input.addEventListener('change', apply);
  apply();
  return element('label', { class: `toggle ${name}` }, input, kind);
}

function figure(data: PageData, image: GalleryImage, zoom: Zoom, change: string | undefined): HTMLElement {
  const record = data.records.find(({ key }) => key === image.key) ?? data.records[0];
  const number = (kind: GalleryBoxKind): number => image.boxes.filter((box) => box.kind === kind).length;
  const counts = `${number('miss')} missed, ${number('false positive')} false positives, ${number('hit')} found`;
  const url = image.url ?? data.gallery.find((other) => other.name === image.name && other.url !== undefined)?.url;
  const picture =
    url === undefined
      ? element('div', { class: 'no-picture' }, 'Picture left out')
      : element('img', {
          src: url,
          alt: `${image.name}: ${counts}`,
          width: image.widthPx,
          height: image.heightPx,
        });
  const frame = element('div', { class: 'picture' }, picture, overlay(image));
  if (url !== undefined) zoom.add(frame, `${image.key} ${image.name}: ${counts}`);
  return element(
    'figure',
    { class: 'shot' },
    frame,
    element(
      'figcaption',
      {},
      element('strong', {}, `${formatPointDifference(-image.apLost)} points of ${image.number}`),
      element('span', {}, counts),
      ...(change === undefined ? [] : [element('span', { class: 'mark same' }, change)]),
      element('span', { class: 'file-name' }, image.name),
      domOf(recordLink(data, record)),
    ),
    ...(image.crops.length === 0 ? [] : [element('div', { class: 'crops' }, ...image.crops.map(crop))]),
  );
}

function overlay({ boxes, widthPx, heightPx }: GalleryImage): SVGElement {
  return svgElement(
    'svg',
    { viewBox: `0 0 ${widthPx} ${heightPx}`, 'aria-hidden': 'true', preserveAspectRatio: 'none' },
    ...boxes.map(({ kind, boxXywh: [x, y, width, height], ...box }) =>
      svgElement(
        'rect',
        { class: kind.replace(' ', '-'), x, y, width, height },
        svgElement('title', {}, describe(kind, box)),
      ),
    ),
  );
}

function describe(
  kind: GalleryBoxKind,
  { score, heightPx, attributes = [], error }: Omit<GalleryBox, 'kind' | 'boxXywh'>,
): string {
  const parts = [error === undefined ? kind : `${kind} (${error})`, `${Math.round(heightPx)} px`, ...attributes];
  if (score !== undefined) parts.push(`score ${score.toFixed(3)}`);
  return parts.join(', ');
}

function crop({ kind, url, widthPx, heightPx, caption }: GalleryCrop): HTMLElement {
  return element(
    'figure',
    { class: `crop ${kind.replace(' ', '-')}` },
    element('img', { src: url, alt: `${kind}: ${caption}`, width: widthPx, height: heightPx }),
    element('figcaption', {}, caption),
  );
}
