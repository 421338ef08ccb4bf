import type { LandmarksBuilder } from '../set/landmarks-builder.js';

/** The `points` of detections, kept until all lines are read: they are landmarks where all have as many, of the same names. */
export class AgreedPoints {
  readonly #rows: { readonly row: number; readonly points: readonly number[]; readonly where: string }[] = [];
  #count: number | undefined;
  #names: string | undefined;
  #agree = true;

  /**
   * The points of a detection; rows are given in their order.
   *
   * @param points (x, y) of each.
   * @param names  of the points, where the line has them.
   */
  add(row: number, points: readonly number[], names: readonly string[] | undefined, where: string): void {
    const text = JSON.stringify(names);
    if (this.#count === undefined) {
      this.#count = points.length;
      this.#names = text;
    }
    this.#agree &&= points.length === this.#count && text === this.#names;
    if (this.#agree) this.#rows.push({ row, points, where });
    else this.#rows.length = 0;
  }

  /**
   * Give the points to a builder of landmarks.
   *
   * @returns whether there are none, or all could be given.
   * @throws {DatasetError} as the builder, if a number is none.
   */
  give(landmarks: LandmarksBuilder): boolean {
    if (this.#names !== undefined && this.#agree) landmarks.setNames(JSON.parse(this.#names) as string[]);
    for (const { row, points, where } of this.#rows) landmarks.add(row, points, undefined, where);
    return this.#agree;
  }
}
