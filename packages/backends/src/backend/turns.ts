/** Carries out actions one after the other, in the order in which they are asked for, for what works in memory of its own. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Carry out an action when those before it have ended, however they did.
   *
   * @returns what it gives. @throws what it throws; those behind it go on.
   */
  take<Result>(action: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(action);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
