/** Images of a unit where nothing is known yet. */
const defaultUnitImages = 50;

/** How long a unit should take a worker, at least and at most. */
const [leastSeconds, mostSeconds] = [5, 30];

/** Most images of a unit, so that a result stays small. */
const mostImages = 1000;

/** Units that are left for each slot when units begin to shrink, so that all workers end at about the same time. */
const tailUnits = 3;

/** How many images the next unit gets. */
export class UnitSize {
  readonly #fixed: number | undefined;
  #images = 0;
  #ms = 0;

  /** @param fixed what the user asks for; absent: so many that a unit takes 5 to 30 s. */
  constructor(fixed?: number) {
    this.#fixed = fixed;
  }

  /** A unit of so many images took so long. The last units weigh most. */
  add(images: number, tookMs: number): void {
    this.#images = this.#images * 0.8 + images;
    this.#ms = this.#ms * 0.8 + tookMs;
  }

  /**
   * @param left  images that no unit has yet.
   * @param slots child processes of all workers.
   */
  next(left: number, slots: number): number {
    if (this.#fixed !== undefined) return this.#fixed;
    const perSecond = this.#ms > 0 ? (this.#images * 1000) / this.#ms : undefined;
    const size =
      perSecond === undefined
        ? defaultUnitImages
        : Math.min(Math.max(defaultUnitImages, perSecond * leastSeconds), perSecond * mostSeconds, mostImages);
    const share = Math.ceil(left / (tailUnits * Math.max(slots, 1)));
    return Math.max(1, Math.min(Math.floor(size), share));
  }
}
