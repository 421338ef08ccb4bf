import type { ViewChoice } from './list-images.js';
import { everyBox } from './tally-image.js';
import type { ViewIndex } from './view-index.js';

/** What a page shows that nobody has asked anything: the first two records at their own scores, the hardest split, all images. */
export function firstChoice(index: ViewIndex): ViewChoice {
  return {
    a: 0,
    ...(index.records.length > 1 ? { b: 1 } : {}),
    scores: index.records.map(({ atScore }) => atScore),
    split: Math.max(index.splits.indexOf('hard'), 0),
    text: '',
    look: 'anything',
    filter: everyBox,
    changedOnly: false,
    order: 'name',
  };
}
