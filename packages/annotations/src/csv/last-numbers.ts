/** Rows below which the lengths of a column say nothing. */
const fewestRows = 3;

/**
 * The numbers at the ends of the rows of a table: a file that was cut within the last one leaves a shorter number, which reads as
 * another.
 */
export class LastNumbers {
  #rows = 0;
  #shortest = Number.POSITIVE_INFINITY;

  /** Take in the last field of a row. */
  see(field: string): void {
    this.#rows++;
    this.#shortest = Math.min(this.#shortest, field.trim().length);
  }

  /** What is doubtful about the last field of a table that no line break ends; undefined: it is as long as one before. */
  doubtOf(field: string, where: string): string | undefined {
    const { length } = field.trim();
    if (this.#rows < fewestRows || length === 0 || length >= this.#shortest) return undefined;
    if (Number.isNaN(Number(field))) return undefined;
    return `doubtful: ${where}: no line break ends the last row, and its last number, ${field.trim()}, is shorter than that of every row before: was the file cut? Get it whole again, or end the row if it is`;
  }
}
