import { type ListedImage, listImages, type ViewChoice } from '../../src/view/list-images.js';
import type { ViewIndex } from '../../src/view/view-index.js';
import { type LinkedView, readViewLink } from '../../src/view/view-link.js';

/** What the page shows: a choice, the images that follow from it, the one that is looked at and those that are marked. */
export class ViewState {
  readonly index: ViewIndex;
  readonly marked = new Set<number>();
  #choice: ViewChoice;
  #listed: readonly ListedImage[] = [];
  #image: number;
  #doubts: LinkedView['doubts'];
  readonly #listeners: (() => void)[] = [];

  /** @param link the part of the address after `#`; empty: as a page opens. */
  constructor(index: ViewIndex, link: string) {
    this.index = index;
    const { choice, image, doubts } = readViewLink(index, link);
    this.#choice = choice;
    this.#doubts = doubts;
    this.#listed = listImages(index, choice);
    this.#image = image ?? this.#listed[0]?.image ?? 0;
  }

  /** What of the link that was opened last cannot be shown. */
  get doubts(): LinkedView['doubts'] {
    return this.#doubts;
  }

  /** Show what a link says. */
  follow(link: string): void {
    const { choice, image, doubts } = readViewLink(this.index, link);
    this.#doubts = doubts;
    if (image !== undefined) this.#image = image;
    this.replace(choice);
    // A link may name an image that its own filters leave out.
    if (image !== undefined) this.look(image);
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
