import { element } from './element.js';

/** Shows pictures one at a time over the whole window. */
export interface Zoom {
  /** A picture that opens when it is clicked, or on Enter; the arrow keys go on to those that were added beside it. */
  add(picture: HTMLElement, caption: string): void;
  /** Forget the pictures that were added. */
  clear(): void;
  readonly dialog: HTMLElement;
}

/** A dialog for the pictures of a gallery. */
export function createZoom(): Zoom {
  const shown: { readonly picture: HTMLElement; readonly caption: string }[] = [];
  let at = 0;
  const stage = element('div', { class: 'zoom-stage' });
  const caption = element('p', { class: 'zoom-caption', 'aria-live': 'polite' });
  const close = element('button', { type: 'button', class: 'zoom-close', 'aria-label': 'Close' }, '×');
  const dialog = element('dialog', { class: 'zoom', 'aria-label': 'Picture' }, stage, caption, close);
  const show = (index: number): void => {
    at = (index + shown.length) % shown.length;
    const { picture, caption: text } = shown[at];
    const copy = picture.cloneNode(true) as HTMLElement;
    copy.removeAttribute('tabindex');
    stage.replaceChildren(copy);
    caption.textContent = `${text} (${at + 1} of ${shown.length}; arrow keys go on, Escape closes)`;
  };
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog || target === stage) dialog.close();
  });
  dialog.addEventListener('keydown', ({ key }) => {
    if (key === 'ArrowRight') show(at + 1);
    if (key === 'ArrowLeft') show(at - 1);
  });
  return {
    dialog,
    clear: () => {
      shown.length = 0;
    },
    add: (picture, text) => {
      const index = shown.push({ picture, caption: text }) - 1;
      picture.setAttribute('tabindex', '0');
      picture.setAttribute('role', 'button');
      picture.setAttribute('aria-label', `Enlarge ${text}`);
      const open = (): void => {
        show(index);
        dialog.showModal();
      };
      picture.addEventListener('click', open);
      picture.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        open();
      });
    },
  };
}
