import { folderOf, looks, orders, type ViewChoice } from '../../src/view/list-images.js';
import { element } from '../element.js';
import type { ViewState } from './view-state.js';

/** An option of a choice: what it stands for, and its text. */
type Option = readonly [value: string, text: string];

/** The filters of the page. */
export function controls(state: ViewState): HTMLElement {
  const { index } = state;
  const folders = [...new Set(index.images.map(folderOf))].filter((folder) => folder !== '');
  const records = index.records.map(({ key, label }, place): Option => [String(place), `${key} ${label}`]);
  const plain = (values: readonly string[]): Option[] => values.map((value): Option => [value, value]);
  const select = selector(state);
  const parts: HTMLElement[] = [
    select(
      'Record',
      records,
      ({ a }) => String(a),
      (value) => state.choose({ a: Number(value) }),
    ),
  ];
  if (records.length > 1) {
    parts.push(
      select(
        'Beside it',
        [['', 'none'], ...records],
        ({ b }) => String(b ?? ''),
        (value) => {
          if (value === '') state.chooseOne();
          else state.choose({ b: Number(value) });
        },
      ),
    );
  }
  if (index.splits.length > 1) {
    parts.push(
      select(
        'Faces of',
        index.splits.map((split, place): Option => [String(place), split]),
        ({ split }) => String(split),
        (value) => state.choose({ split: Number(value) }),
      ),
    );
  }
  parts.push(
    select(
      'With',
      plain(looks),
      ({ look }) => look,
      (look) => state.choose({ look: look as (typeof looks)[number] }),
    ),
  );
  if (folders.length > 1) {
    parts.push(
      select(
        'Folder',
        [['', 'all'], ...plain(folders)],
        ({ folder }) => folder ?? '',
        (folder) => {
          const { folder: _, ...others } = state.choice;
          state.replace(folder === '' ? others : { ...others, folder });
        },
      ),
    );
  }
  parts.push(heights(state));
  if (index.attributes.length > 0) {
    parts.push(
      select(
        'Attribute',
        [['', 'any'], ...index.attributes.map((name, bit): Option => [String(bit), name])],
        ({ filter: { attribute } }) => (attribute === 0 ? '' : String(31 - Math.clz32(attribute))),
        (bit) => state.choose({ filter: { ...state.choice.filter, attribute: bit === '' ? 0 : 1 << Number(bit) } }),
      ),
    );
  }
  parts.push(
    select(
      'Order',
      plain(orders),
      ({ order }) => order,
      (order) => state.choose({ order: order as (typeof orders)[number] }),
    ),
  );
  const name = element('input', { type: 'search', id: 'name', placeholder: 'part of a name', 'aria-label': 'Name' });
  name.addEventListener('input', () => state.choose({ text: name.value }));
  follow(state, ({ text }) => {
    if (name.value !== text) name.value = text;
  });
  parts.push(element('label', {}, 'Name', name));
  if (records.length > 1) parts.push(changed(state));
  return element('div', { class: 'controls' }, ...parts);
}

/** Show the choice now and whenever it changes, by a link too. */
function follow(state: ViewState, show: (choice: ViewChoice) => void): void {
  state.onChange(() => show(state.choice));
  show(state.choice);
}

function selector(state: ViewState) {
  return (
    label: string,
    options: readonly Option[],
    chosen: (choice: ViewChoice) => string,
    onChoice: (value: string) => void,
  ): HTMLElement => {
    const made = element('select', {}, ...options.map(([value, text]) => element('option', { value }, text)));
    made.addEventListener('change', () => onChoice(made.value));
    follow(state, (choice) => {
      made.value = chosen(choice);
    });
    return element('label', {}, label, made);
  };
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
