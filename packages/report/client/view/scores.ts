import { falsePositives } from '../../src/view/tally-image.js';
import { totalRun } from '../../src/view/total-run.js';
import { element } from '../element.js';
import type { ViewState } from './view-state.js';

const steps = 1000;

/** A slider of the score for each record that is looked at, with what the whole run makes at it. */
export function scoreSliders(state: ViewState): HTMLElement {
  const sliders = state.index.records.map((_, record) => slider(state, record));
  const show = (): void => {
    sliders.forEach((made, record) => {
      made.hidden = !state.records.includes(record);
    });
  };
  state.onChange(show);
  show();
  return element('div', { class: 'sliders' }, ...sliders);
}

function slider(state: ViewState, record: number): HTMLElement {
  const { key, atScore } = state.index.records[record];
  const [low, high] = range(state.index.runs[record].scores);
  const input = element('input', {
    type: 'range',
    min: 0,
    max: steps,
    step: 1,
    class: 'score',
    'data-record': record,
    'aria-label': `Score of ${key}`,
  });
  const exact = element('input', {
    type: 'number',
    step: 'any',
    class: 'exact',
    'aria-label': `Exact score of ${key}`,
  });
  const totals = element('output', { class: 'totals' });
  const reset = element(
    'button',
    { type: 'button', class: 'quiet', title: 'The score of the record' },
    String(atScore),
  );
  const place = (score: number): string => String(Math.round(((score - low) / (high - low || 1)) * steps));
  let isAsked = false;
  input.addEventListener('input', () => {
    // The slider moves faster than the page follows: once a frame is enough.
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      const score = low + (Number(input.value) / steps) * (high - low);
      state.setScore(record, Number(score.toPrecision(6)));
    });
  });
  exact.addEventListener('change', () => {
    if (exact.value !== '') state.setScore(record, Number(exact.value));
  });
  reset.addEventListener('click', () => state.setScore(record, atScore));
  let shown = '';
  const show = (): void => {
    const { scores, split, filter } = state.choice;
    const score = scores[record];
    input.value = place(score);
    exact.value = String(score);
    const asked = JSON.stringify([score, split, filter, state.records.includes(record)]);
    if (asked === shown || !state.records.includes(record)) return;
    shown = asked;
    totals.textContent = totalsOf(state, record);
  };
  state.onChange(show);
  show();
  return element('div', { class: 'slider' }, element('strong', {}, key), 'score', input, exact, reset, totals);
}

/** What the whole run makes at the score, under the filter of heights and attributes. */
function totalsOf(state: ViewState, record: number): string {
  const { index, choice } = state;
  const cut = { score: choice.scores[record], split: choice.split };
  const total = totalRun(index.faces, index.runs[record], cut, choice.filter);
  const { found, missed } = total;
  const wrong = falsePositives(total);
  const share = (part: number, all: number): string => (all === 0 ? 'none' : `${((100 * part) / all).toFixed(1)} %`);
  return `recall ${share(found, found + missed)}, precision ${share(found, found + wrong)}: ${found} found, ${missed} missed, ${wrong} false`;
}

function range(scores: Float64Array): [number, number] {
  let [low, high] = [0, 1];
  for (const score of scores) {
    if (score < low) low = score;
    if (score > high) high = score;
  }
  return [low, high];
}
