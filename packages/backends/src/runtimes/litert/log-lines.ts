/** Keeps the last lines of a runtime that writes to the console. */
export class LogLines {
  #lines: string[] = [];

  readonly write = (line: unknown): void => {
    this.#lines.push(String(line));
    if (this.#lines.length > 100) this.#lines.shift();
  };

  /** Lines since the last call. */
  take(): string[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }
}
