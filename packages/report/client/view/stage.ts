import { element } from '../element.js';
import { onThemeChange } from '../theme.js';
import { type DrawnKind, drawnKinds, type Frame, Pane } from './pane.js';
import type { ViewState } from './view-state.js';

/** The image that is looked at, once for each record, with one zoom for all. */
export class Stage {
  readonly element: HTMLElement;
  readonly #state: ViewState;
  readonly #panes: HTMLElement = element('div', { class: 'panes' });
  readonly #caption = element('p', { class: 'caption' });
  readonly #pointed = element('p', { class: 'pointed', 'aria-live': 'off' });
  readonly #hidden = new Set<DrawnKind>();
  readonly #toggles = new Map<DrawnKind, HTMLInputElement>();
  #shown: readonly Pane[] = [];
  #records = '';
  #image = -1;
  #picture: HTMLImageElement | undefined;
  #frame: Frame = { scale: 1, x: 0, y: 0 };
  /** Whether the image is held fitted to the pane. */
  #isFitted = true;

  constructor(state: ViewState) {
    this.#state = state;
    const toggles = drawnKinds.map((kind, index) => this.#toggle(kind, index + 1));
    this.element = element(
      'section',
      { class: 'stage', 'aria-label': 'Image' },
      element('div', { class: 'kinds' }, ...toggles, this.#pointed),
      this.#panes,
      this.#caption,
    );
    state.onChange(() => this.#show());
    onThemeChange(() => this.#draw());
    new ResizeObserver(() => this.#resized()).observe(this.#panes);
    this.#show();
  }

  /** Show or hide a kind of boxes. */
  toggleKind(kind: DrawnKind): void {
    if (!this.#hidden.delete(kind)) this.#hidden.add(kind);
    const input = this.#toggles.get(kind);
    if (input !== undefined) input.checked = !this.#hidden.has(kind);
    this.#show();
  }

  /** Zoom about a point of the pane, or its middle. */
  zoom(by: number, at?: { readonly x: number; readonly y: number }): void {
    const pane = this.#shown[0]?.canvas;
    const { x, y } = at ?? { x: (pane?.clientWidth ?? 0) / 2, y: (pane?.clientHeight ?? 0) / 2 };
    const old = this.#frame;
    const scale = Math.min(Math.max(old.scale * by, 0.01), 64);
    const ratio = scale / old.scale;
    this.#move({ scale, x: x - (x - old.x) * ratio, y: y - (y - old.y) * ratio });
  }

  /** Image pixels as screen pixels. */
  actualSize(): void {
    this.zoom(1 / this.#frame.scale);
  }

  pan(dx: number, dy: number): void {
    const { scale, x, y } = this.#frame;
    this.#move({ scale, x: x + dx, y: y + dy });
  }

  /** The whole image. */
  fit(): void {
    this.#isFitted = true;
    const pane = this.#shown[0]?.canvas;
    const [width, height] = [this.#picture?.naturalWidth ?? 0, this.#picture?.naturalHeight ?? 0];
    if (pane === undefined || width === 0 || height === 0) return;
    const scale = Math.min(pane.clientWidth / width, pane.clientHeight / height);
    this.#frame = {
      scale,
      x: (pane.clientWidth - width * scale) / 2,
      y: (pane.clientHeight - height * scale) / 2,
    };
    this.#draw();
  }

  #move(frame: Frame): void {
    this.#isFitted = false;
    this.#frame = frame;
    this.#draw();
  }

  #draw(): void {
    for (const pane of this.#shown) pane.draw(this.#frame);
  }

  #resized(): void {
    if (this.#isFitted) this.fit();
    else this.#draw();
  }

  #show(): void {
    const records = this.#state.records.join();
    if (records !== this.#records) {
      this.#records = records;
      this.#shown = this.#state.records.map((record) => this.#pane(record));
      const labelled = this.#shown.map((pane, index) => {
        const { key, label, numbers } = this.#state.index.records[this.#state.records[index]];
        const heading = element('figcaption', {}, element('strong', {}, `${key} ${label}`), ` ${numbers.join(', ')}`);
        return element('figure', {}, heading, pane.canvas);
      });
      this.#panes.replaceChildren(...labelled);
    }
    if (this.#state.image !== this.#image) this.#load(this.#state.image);
    this.#refresh();
  }

  #refresh(): void {
    const image = this.#image;
    Promise.all(this.#shown.map((pane) => pane.show(this.#picture, this.#frame, this.#hidden))).then(
      () => {
        if (image === this.#image) this.#describe();
      },
      (error: Error) => {
        this.#caption.textContent = `boxes cannot be shown: ${error.message}`;
      },
    );
  }

  #load(image: number): void {
    this.#image = image;
    this.#picture = undefined;
    this.#pointed.textContent = '';
    if (this.#state.index.present[image] === 0) return;
    const picture = new Image();
    picture.decoding = 'async';
    picture.addEventListener('load', () => {
      if (this.#image !== image) return;
      this.#picture = picture;
      for (const pane of this.#shown) pane.picture = picture;
      this.fit();
    });
    picture.addEventListener('error', () => {
      if (this.#image === image) this.#caption.textContent = 'the image cannot be shown; see the terminal, or its file';
    });
    picture.src = `image/${image}`;
  }

  #describe(): void {
    const { index, image } = this.#state;
    const counts = this.#shown.map((pane, at) => {
      const texts = drawnKinds.flatMap((kind) => (pane.counts[kind] > 0 ? [`${pane.counts[kind]} ${kind}`] : []));
      return `${index.records[this.#state.records[at]].key}: ${texts.join(', ') || 'no boxes'}`;
    });
    const missing = index.present[image] === 0 ? ' (no file)' : '';
    this.#caption.textContent = [`${index.images[image]}${missing}`, ...counts].join('  |  ');
  }

  #pane(record: number): Pane {
    const pane = new Pane(this.#state, record);
    const { canvas } = pane;
    pane.onPoint = (text) => {
      this.#pointed.textContent = text;
    };
    canvas.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        this.zoom(1.0015 ** -event.deltaY, { x: event.offsetX, y: event.offsetY });
      },
      { passive: false },
    );
    canvas.addEventListener('pointerdown', (event) => canvas.setPointerCapture(event.pointerId));
    canvas.addEventListener('pointermove', (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) this.pan(event.movementX, event.movementY);
    });
    canvas.addEventListener('dblclick', () => this.fit());
    return pane;
  }

  #toggle(kind: DrawnKind, key: number): HTMLElement {
    const input = element('input', { type: 'checkbox', checked: true });
    input.addEventListener('change', () => this.toggleKind(kind));
    this.#toggles.set(kind, input);
    return element('label', { class: `kind ${kind}`, title: `Key ${key}` }, input, kind);
  }
}
