/** Changes that a loop waits for, also those that came before it waits. */
export class Changes {
  #hasCome = false;
  #end: () => void = () => undefined;

  /** There is a change: the wait ends, or the next one does not begin. */
  tell(): void {
    this.#hasCome = true;
    this.#end();
  }

  /** Wait for a change, no longer than that. @returns whether one came. */
  async within(ms: number): Promise<boolean> {
    if (!this.#hasCome) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const hasCome = this.#hasCome;
    this.#hasCome = false;
    return hasCome;
  }
}
