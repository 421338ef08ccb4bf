import { type ListedImage, listImages, type ViewChoice } from '../../src/view/list-images.js';
import { everyBox } from '../../src/view/tally-image.js';
import type { ViewIndex } from '../../src/view/view-index.js';

/** What the page shows: a choice, the images that follow from it, the one that is looked at and those that are marked. */
export class ViewState {
  readonly index: ViewIndex;
  readonly marked = new Set<number>();
  #choice: ViewChoice;
  #listed: readonly ListedImage[] = [];
  #image: number;
  readonly #listeners: (() => void)[] = [];

  constructor(index: ViewIndex) {
    this.index = index;
    this.#choice = {
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
    this.#listed = listImages(index, this.#choice);
    this.#image = this.#listed[0]?.image ?? 0;
  }

  get choice(): ViewChoice {
    return this.#choice;
  }

  get listed(): readonly ListedImage[] {
    return this.#listed;
  }

  /** The image that is looked at. */
  get image(): number {
    return this.#image;
  }

  /** Records that are looked at: one or two. */
  get records(): readonly number[] {
    const { a, b } = this.#choice;
    return b === undefined ? [a] : [a, b];
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  choose(changes: Partial<ViewChoice>): void {
    this.replace({ ...this.#choice, ...changes });
  }

  /** Another choice as a whole: what it leaves out is not asked for. */
  replace(choice: ViewChoice): void {
    this.#choice = choice;
    this.#listed = listImages(this.index, this.#choice);
    if (!this.#listed.some(({ image }) => image === this.#image)) this.#image = this.#listed[0]?.image ?? this.#image;
    this.#tell();
  }

  /** Look at one record alone. */
  chooseOne(): void {
    const { b: _, ...others } = this.#choice;
    this.replace({ ...others, changedOnly: false });
  }

  setScore(record: number, score: number): void {
    this.choose({ scores: this.#choice.scores.map((own, index) => (index === record ? score : own)) });
  }

  look(image: number): void {
    this.#image = image;
    this.#tell();
  }

  /** Go forward or back in the list. */
  step(by: number): void {
    const at = this.#listed.findIndex(({ image }) => image === this.#image);
    const next = this.#listed[Math.min(Math.max(at + by, 0), this.#listed.length - 1)];
    if (next !== undefined) this.look(next.image);
  }

  toggleMark(image: number): void {
    if (!this.marked.delete(image)) this.marked.add(image);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
