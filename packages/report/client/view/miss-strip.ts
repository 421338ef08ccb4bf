import { listMisses, type MissedFace } from '../../src/view/list-misses.js';
import { element } from '../element.js';
import type { ViewState } from './view-state.js';
import { virtualRows } from './virtual-rows.js';

const cellPx = 120;
const rowPx = 146;

/** All faces that a record misses in the images of the list, largest first; a click goes to the image. */
export class MissStrip {
  readonly element: HTMLElement;
  readonly #state: ViewState;
  readonly #count = element('p', { class: 'count' });
  readonly #rows;
  #missed: readonly MissedFace[] = [];
  #columns = 1;

  /** @param onChosen called when a face was chosen and its image is looked at. */
  constructor(state: ViewState, onChosen: () => void) {
    this.#state = state;
    this.#rows = virtualRows({
      rowPx,
      label: 'Missed faces',
      role: 'list',
      makeRow: (row) => this.#row(row, onChosen),
    });
    this.element = element(
      'section',
      { class: 'misses', 'aria-label': 'Missed faces', hidden: true },
      this.#count,
      this.#rows.element,
    );
    state.onChange(() => this.#show());
    new ResizeObserver(() => this.#show()).observe(this.element);
  }

  /** Show or hide it. */
  toggle(): void {
    this.element.hidden = !this.element.hidden;
    this.#show();
  }

  #show(): void {
    if (this.element.hidden) return;
    const { index, choice, listed } = this.#state;
    const finder = choice.changedOnly ? choice.b : undefined;
    this.#columns = Math.max(1, Math.floor((this.#rows.element.clientWidth - 12) / cellPx));
    this.#missed = listMisses(index, choice, choice.a, listed, finder);
    const found = finder === undefined ? '' : ` and ${index.records[finder].key} finds`;
    this.#count.textContent = `${this.#missed.length} faces that ${index.records[choice.a].key} misses${found}, largest first`;
    this.#rows.setCount(Math.ceil(this.#missed.length / this.#columns));
  }

  #row(row: number, onChosen: () => void): HTMLElement {
    const faces = this.#missed.slice(row * this.#columns, (row + 1) * this.#columns);
    return element('div', { class: 'face-row', role: 'listitem' }, ...faces.map((face) => this.#cell(face, onChosen)));
  }

  #cell({ image, face, heightPx }: MissedFace, onChosen: () => void): HTMLElement {
    const name = this.#state.index.images[image];
    const caption = `${Math.round(heightPx)} px`;
    const picture =
      this.#state.index.present[image] === 1
        ? element('img', {
            src: `face/${image}/${face}`,
            alt: `missed face, ${caption}, ${name}`,
            width: 112,
            height: 112,
          })
        : element('span', { class: 'no-picture' }, 'no file');
    const button = element(
      'button',
      { type: 'button', class: 'face', title: name },
      picture,
      element('span', {}, caption),
    );
    button.addEventListener('click', () => {
      this.#state.look(image);
      onChosen();
    });
    return button;
  }
}
