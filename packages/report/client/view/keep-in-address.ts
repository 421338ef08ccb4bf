import { formatViewLink } from '../../src/view/view-link.js';
import { element } from '../element.js';
import type { ViewState } from './view-state.js';

/** Browsers take a hundred changes of an address in half a minute; a slider makes more. */
const pauseMs = 400;

/** Keep what is shown in the address, after `#`, and show what somebody writes there. */
export function keepInAddress(state: ViewState): void {
  let written = location.hash;
  let isAsked = false;
  state.onChange(() => {
    if (isAsked) return;
    isAsked = true;
    setTimeout(() => {
      isAsked = false;
      const hash = `#${formatViewLink(state.index, state)}`;
      if (hash === written) return;
      written = hash;
      history.replaceState(null, '', hash);
    }, pauseMs);
  });
  addEventListener('hashchange', () => {
    if (location.hash === written) return;
    written = location.hash;
    state.follow(written);
  });
}

/** What of the link cannot be shown, in words; hidden where all can. */
export function linkDoubts(state: ViewState): HTMLElement {
  const place = element('p', { class: 'doubts', role: 'status' });
  const show = (): void => {
    place.hidden = state.doubts.length === 0;
    place.textContent = `This link does not fit what is shown: ${state.doubts.join('; ')}.`;
  };
  state.onChange(show);
  show();
  return place;
}
