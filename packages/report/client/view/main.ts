import { element } from '../element.js';
import { themeSwitch } from '../theme.js';
import { controls } from './controls.js';
import { exportList } from './export-list.js';
import { imageList } from './image-list.js';
import { keepInAddress, linkDoubts } from './keep-in-address.js';
import { operateByKeys } from './keyboard.js';
import { MissStrip } from './miss-strip.js';
import { scoreSliders } from './scores.js';
import { fetchIndex } from './server.js';
import { Stage } from './stage.js';
import { ViewState } from './view-state.js';

start().catch((error: Error) => {
  const place = document.getElementById('loading') ?? document.body;
  place.textContent = `The page cannot be shown: ${error.message}. Is retinabench view still running?`;
});

async function start(): Promise<void> {
  const state = new ViewState(await fetchIndex(), location.hash);
  keepInAddress(state);
  const theme = themeSwitch();
  const misses = new MissStrip(state, () => misses.toggle());
  const stage = new Stage(state);
  const help = operateByKeys({ state, stage, misses });
  const button = (text: string, act: () => void): HTMLElement => {
    const made = element('button', { type: 'button', class: 'quiet' }, text);
    made.addEventListener('click', act);
    return made;
  };
  const notes =
    state.index.notes.length === 0
      ? []
      : [
          element(
            'details',
            { class: 'notes' },
            element('summary', {}, `${state.index.notes.length} notes`),
            ...state.index.notes.map((note) => element('p', {}, note)),
          ),
        ];
  document.body.replaceChildren(
    element(
      'header',
      {},
      element('h1', {}, 'RetinaBench view'),
      button('Missed faces', () => misses.toggle()),
      button('Save list', () => exportList(state)),
      button('Keys', () => help.showModal()),
      theme,
      ...notes,
      linkDoubts(state),
    ),
    element('section', { 'aria-label': 'What is shown' }, controls(state), scoreSliders(state)),
    element('main', {}, imageList(state), stage.element, misses.element),
    help,
  );
}
