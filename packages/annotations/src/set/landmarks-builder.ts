import { DatasetError } from '@retinabench/core';
import type { LandmarkColumn } from './annotations.js';
import { mostPixels } from './check-box.js';
import { type Grouping, GrowingNumbers, inOrder } from './growing-columns.js';

/** Most points of a face: dense meshes have tens of thousands. */
const mostPoints = 100_000;

/** Collects the points of faces, of which each has as many, or none. */
export class LandmarksBuilder {
  #names: readonly string[] | undefined;
  readonly #points = new GrowingNumbers();
  readonly #visibility = new GrowingNumbers();
  #hasPoints = false;
  #hasVisibility = false;

  /** Whether no face has points so far. */
  get isEmpty(): boolean {
    return !this.#hasPoints;
  }

  /** Names of the points, where the format has them. */
  setNames(names: readonly string[]): void {
    this.#names = names;
  }

  /**
   * The points of a face or detection; rows are given in their order.
   *
   * @param points     (x, y) of each, NaN for both where it is not given.
   * @param visibility of each, 0, 1 or 2.
   * @throws {DatasetError} if there are more or fewer than before, or a value is not a number.
   */
  add(row: number, points: ArrayLike<number>, visibility: ArrayLike<number> | undefined, where: string): void {
    const count = points.length / 2;
    this.#names ??= Array.from({ length: Math.min(count, mostPoints) }, (_, index) => String(index));
    if (count !== this.#names.length || count > mostPoints) {
      throw new DatasetError(
        `${where}: expected ${this.#names.length} landmarks as the other faces have, got ${count}; correct the file`,
      );
    }
    let given = 0;
    for (let at = 0; at < points.length; at += 2) {
      const [x, y] = [points[at], points[at + 1]];
      if (Number.isNaN(x) && Number.isNaN(y)) continue;
      given++;
      if (Math.abs(x) <= mostPixels && Math.abs(y) <= mostPixels) continue;
      throw new DatasetError(
        `${where}: expected landmark ${at / 2 + 1} as two finite numbers of at most ${mostPixels}, got ${x} and ${y}; correct the file`,
      );
    }
    if (given === 0) return;
    this.#hasPoints = true;
    if (visibility !== undefined) this.#hasVisibility = true;
    this.#fillTo(row);
    for (let at = 0; at < points.length; at += 2) {
      this.#points.push(points[at]);
      this.#points.push(points[at + 1]);
      this.#visibility.push(Number.isNaN(points[at]) ? 0 : (visibility?.[at / 2] ?? 2));
    }
  }

  /** All points in the order of a grouping; undefined if no face has any. */
  build(rows: number, grouping: Grouping): LandmarkColumn | undefined {
    const names = this.#names;
    if (names === undefined || !this.#hasPoints) return undefined;
    this.#fillTo(rows);
    const points = inOrder(this.#points.view(), 2 * names.length, grouping);
    if (!this.#hasVisibility) return { names, points };
    const visibility = Uint8Array.from(inOrder(this.#visibility.view(), names.length, grouping));
    // If no point is hidden, the column says nothing that the points do not say.
    return visibility.includes(1) ? { names, points, visibility } : { names, points };
  }

  /** Rows before `row` that were not given have no points. */
  #fillTo(row: number): void {
    const width = this.#names?.length ?? 0;
    while (this.#visibility.length < width * row) {
      this.#visibility.push(0);
      this.#points.push(Number.NaN);
      this.#points.push(Number.NaN);
    }
  }
}
