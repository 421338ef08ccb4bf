import { folderOf, looks, orders, type ViewChoice } from '../../src/view/list-images.js';
import { element } from '../element.js';
import type { ViewState } from './view-state.js';

/** An option of a choice: what it stands for, and its text. */
type Option = readonly [value: string, text: string];

/** The filters of the page. */
export function controls(state: ViewState): HTMLElement {
  return element(
    'div',
    { class: 'controls' },
    ...recordChoices(state),
    ...splitChoice(state),
    lookChoice(state),
    ...folderChoice(state),
    heights(state),
    ...attributeChoice(state),
    orderChoice(state),
    namePart(state),
    ...(state.index.records.length > 1 ? [changed(state)] : []),
  );
}

/** Which record is shown, and which beside it where there are several. */
function recordChoices(state: ViewState): HTMLElement[] {
  const records = state.index.records.map(({ key, label }, place): Option => [String(place), `${key} ${label}`]);
  const shown = select(state, {
    label: 'Record',
    options: records,
    chosen: ({ a }) => String(a),
    onChoice: (value) => state.choose({ a: Number(value) }),
  });
  if (records.length === 1) return [shown];
  const beside = select(state, {
    label: 'Beside it',
    options: [['', 'none'], ...records],
    chosen: ({ b }) => String(b ?? ''),
    onChoice: (value) => {
      if (value === '') state.chooseOne();
      else state.choose({ b: Number(value) });
    },
  });
  return [shown, beside];
}

function splitChoice(state: ViewState): HTMLElement[] {
  const { splits } = state.index;
  if (splits.length < 2) return [];
  return [
    select(state, {
      label: 'Faces of',
      options: splits.map((split, place): Option => [String(place), split]),
      chosen: ({ split }) => String(split),
      onChoice: (value) => state.choose({ split: Number(value) }),
    }),
  ];
}

function lookChoice(state: ViewState): HTMLElement {
  return select(state, {
    label: 'With',
    options: plain(looks),
    chosen: ({ look }) => look,
    onChoice: (look) => state.choose({ look: look as (typeof looks)[number] }),
  });
}

function folderChoice(state: ViewState): HTMLElement[] {
  const folders = [...new Set(state.index.images.map(folderOf))].filter((folder) => folder !== '');
  if (folders.length < 2) return [];
  return [
    select(state, {
      label: 'Folder',
      options: [['', 'all'], ...plain(folders)],
      chosen: ({ folder }) => folder ?? '',
      onChoice: (folder) => {
        const { folder: _, ...others } = state.choice;
        state.replace(folder === '' ? others : { ...others, folder });
      },
    }),
  ];
}

/** Attributes are bits of a number; one at a time is asked for. */
function attributeChoice(state: ViewState): HTMLElement[] {
  const { attributes } = state.index;
  if (attributes.length === 0) return [];
  return [
    select(state, {
      label: 'Attribute',
      options: [['', 'any'], ...attributes.map((name, bit): Option => [String(bit), name])],
      chosen: ({ filter: { attribute } }) => (attribute === 0 ? '' : String(31 - Math.clz32(attribute))),
      onChoice: (bit) =>
        state.choose({ filter: { ...state.choice.filter, attribute: bit === '' ? 0 : 1 << Number(bit) } }),
    }),
  ];
}

function orderChoice(state: ViewState): HTMLElement {
  return select(state, {
    label: 'Order',
    options: plain(orders),
    chosen: ({ order }) => order,
    onChoice: (order) => state.choose({ order: order as (typeof orders)[number] }),
  });
}

/** A part of the names of images. */
function namePart(state: ViewState): HTMLElement {
  const name = element('input', { type: 'search', id: 'name', placeholder: 'part of a name', 'aria-label': 'Name' });
  name.addEventListener('input', () => state.choose({ text: name.value }));
  follow(state, ({ text }) => {
    if (name.value !== text) name.value = text;
  });
  return element('label', {}, 'Name', name);
}

/** Show the choice now and whenever it changes, by a link too. */
function follow(state: ViewState, show: (choice: ViewChoice) => void): void {
  state.onChange(() => show(state.choice));
  show(state.choice);
}

/** A choice among options. */
interface Select {
  readonly label: string;
  readonly options: readonly Option[];
  chosen(choice: ViewChoice): string;
  onChoice(value: string): void;
}

function select(state: ViewState, { label, options, chosen, onChoice }: Select): HTMLElement {
  const made = element('select', {}, ...options.map(([value, text]) => element('option', { value }, text)));
  made.addEventListener('change', () => onChoice(made.value));
  follow(state, (choice) => {
    made.value = chosen(choice);
  });
  return element('label', {}, label, made);
}

/** Options that are called as they are. */
function plain(values: readonly string[]): Option[] {
  return values.map((value): Option => [value, value]);
}

/** From which height to which. */
function heights(state: ViewState): HTMLElement {
  const field = (label: string): HTMLInputElement =>
    element('input', { type: 'number', min: 0, step: 1, class: 'pixels', 'aria-label': label, placeholder: 'any' });
  const [low, high] = [field('Lowest height in pixels'), field('Greatest height in pixels')];
  const apply = (): void => {
    const number = (input: HTMLInputElement, otherwise: number): number =>
      input.value === '' ? otherwise : Number(input.value);
    const [lowPx, highPx] = [number(low, 0), number(high, Number.POSITIVE_INFINITY)];
    state.choose({ filter: { ...state.choice.filter, lowPx, highPx } });
  };
  for (const input of [low, high]) input.addEventListener('input', apply);
  follow(state, ({ filter }) => {
    // What is being typed stays as it is typed: "4." is a number, too.
    if (low.value === '' ? filter.lowPx !== 0 : Number(low.value) !== filter.lowPx)
      low.value = String(filter.lowPx || '');
    const isAny = filter.highPx === Number.POSITIVE_INFINITY;
    if (high.value === '' ? !isAny : Number(high.value) !== filter.highPx)
      high.value = isAny ? '' : String(filter.highPx);
  });
  return element('span', { class: 'field' }, 'Height', low, 'to', high, 'px');
}

/** Only what changed between the two records. */
function changed(state: ViewState): HTMLElement {
  const input = element('input', { type: 'checkbox', id: 'changed' });
  input.addEventListener('change', () => state.choose({ changedOnly: input.checked }));
  follow(state, ({ changedOnly, b }) => {
    input.checked = changedOnly;
    input.disabled = b === undefined;
  });
  return element('label', {}, input, 'only what changed');
}
