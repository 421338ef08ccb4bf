import { element } from '../element.js';
import { exportList } from './export-list.js';
import type { MissStrip } from './miss-strip.js';
import { drawnKinds } from './pane.js';
import type { Stage } from './stage.js';
import type { ViewState } from './view-state.js';

/** What the keys act on. */
export interface Operated {
  readonly state: ViewState;
  readonly stage: Stage;
  readonly misses: MissStrip;
}

interface Key {
  readonly keys: readonly string[];
  readonly does: string;
  run(operated: Operated, key: string): void;
}

/** Pixels that an arrow key moves the image by, and what a score key adds. */
const panPx = 80;
const scoreStep = 0.01;

const byScore = ({ state }: Operated, step: number): void => {
  for (const record of state.records) {
    state.setScore(record, Number((state.choice.scores[record] + step).toPrecision(6)));
  }
};

const keys: readonly Key[] = [
  { keys: ['j', 'PageDown'], does: 'next image', run: ({ state }) => state.step(1) },
  { keys: ['k', 'PageUp'], does: 'image before', run: ({ state }) => state.step(-1) },
  { keys: ['+', '='], does: 'zoom in', run: ({ stage }) => stage.zoom(1.25) },
  { keys: ['-'], does: 'zoom out', run: ({ stage }) => stage.zoom(0.8) },
  { keys: ['0'], does: 'the whole image', run: ({ stage }) => stage.fit() },
  { keys: ['o'], does: 'one image pixel as one screen pixel', run: ({ stage }) => stage.actualSize() },
  { keys: ['ArrowLeft'], does: 'move the image', run: ({ stage }) => stage.pan(panPx, 0) },
  { keys: ['ArrowRight'], does: 'move the image', run: ({ stage }) => stage.pan(-panPx, 0) },
  { keys: ['ArrowUp'], does: 'move the image', run: ({ stage }) => stage.pan(0, panPx) },
  { keys: ['ArrowDown'], does: 'move the image', run: ({ stage }) => stage.pan(0, -panPx) },
  { keys: ['['], does: 'lower score', run: (operated) => byScore(operated, -scoreStep) },
  { keys: [']'], does: 'higher score', run: (operated) => byScore(operated, scoreStep) },
  {
    keys: drawnKinds.map((_, index) => String(index + 1)),
    does: `show or hide ${drawnKinds.join(', ')}`,
    run: ({ stage }, key) => stage.toggleKind(drawnKinds[Number(key) - 1]),
  },
  {
    keys: ['c'],
    does: 'only what changed between the two records',
    run: ({ state }) => {
      if (state.choice.b !== undefined) state.choose({ changedOnly: !state.choice.changedOnly });
    },
  },
  { keys: ['m'], does: 'all missed faces, and back', run: ({ misses }) => misses.toggle() },
  { keys: ['x'], does: 'mark the image, or not', run: ({ state }) => state.toggleMark(state.image) },
  { keys: ['e'], does: 'save the list of the marked (else the listed) images', run: ({ state }) => exportList(state) },
  { keys: ['/'], does: 'search by name', run: () => document.getElementById('name')?.focus() },
];

/** Take keys where no field is typed into. @returns the dialog that `?` opens. */
export function operateByKeys(operated: Operated): HTMLDialogElement {
  const help = helpDialog();
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (event.key === 'Escape' && target.matches('input, select')) target.blur();
    if (target.matches('input:not([type="checkbox"]), select') || help.open) return;
    if (event.key === '?') {
      help.showModal();
      return;
    }
    const key = keys.find((one) => one.keys.includes(event.key));
    if (key === undefined) return;
    event.preventDefault();
    key.run(operated, event.key);
  });
  return help;
}

function helpDialog(): HTMLDialogElement {
  const merged = new Map<string, string[]>();
  for (const { keys: names, does } of keys) merged.set(does, [...(merged.get(does) ?? []), ...names]);
  const rows = [...merged].map(([does, names]) =>
    element(
      'tr',
      {},
      element('td', {}, ...names.flatMap((name) => [element('kbd', {}, name), ' '])),
      element('td', {}, does),
    ),
  );
  return element(
    'dialog',
    { class: 'help', 'aria-label': 'Keys' },
    element('h2', {}, 'Keys'),
    element('table', {}, element('tbody', {}, ...rows)),
    element('p', {}, 'The wheel zooms where the pointer is, dragging moves, a double click shows the whole image.'),
    element('form', { method: 'dialog' }, element('button', { autofocus: true }, 'Close')),
  );
}
