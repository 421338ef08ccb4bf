import type { PageData, PageRecord } from '../src/page/page-data.js';
import { swatch } from '../src/page/parts/swatch.js';
import { domOf } from './dom.js';
import { element } from './element.js';

/** Which records the charts show. */
export interface Selection {
  readonly data: PageData;
  /** The records that are switched on and have what `has` asks for, in the order given. */
  shown(has: (record: PageRecord) => boolean): PageRecord[];
  onChange(listener: () => void): void;
  /** The switches. */
  readonly control: HTMLElement;
}

/** A switch for each record, by kind: the legend of all charts too. */
export function createSelection(data: PageData): Selection {
  const hidden = new Set<string>();
  const listeners: (() => void)[] = [];
  const switchOf = (record: PageRecord): HTMLElement => {
    const button = element(
      'button',
      { type: 'button', class: 'chip', 'aria-pressed': 'true', title: `Show or hide ${record.key} in the charts` },
      domOf(swatch(data, record)),
      `${record.key} ${record.label}`,
    );
    button.addEventListener('click', () => {
      const hide = !hidden.delete(record.key);
      if (hide) hidden.add(record.key);
      button.setAttribute('aria-pressed', String(!hide));
      for (const listener of listeners) listener();
    });
    return button;
  };
  const kinds = [...new Set(data.records.map(({ kind }) => kind))];
  const groups = kinds.map((kind) =>
    element(
      'div',
      { class: 'chips', role: 'group', 'aria-label': `${kind} records in the charts` },
      element('span', { class: 'chips-kind' }, kind),
      ...data.records.filter((record) => record.kind === kind).map(switchOf),
    ),
  );
  return {
    data,
    shown: (has) => data.records.filter((record) => !hidden.has(record.key) && has(record)),
    onChange: (listener) => {
      listeners.push(listener);
    },
    control: element('div', { class: 'chip-groups' }, ...groups),
  };
}
