import type { FloatArray } from '../mesh/float-array.js';

/** Most anchors that stand for all of a node; a node of more different ones is entered instead. */
const mostDistinct = 16;

/** The grid of a class of anchors, as AnchorIndex lays it. */
export interface AnchorGrid {
  readonly columns: number;
  readonly rows: number;
  /** Anchors of cell c, row by row: `entries[starts[firstCell + c]]` up to `entries[starts[firstCell + c + 1]]`. */
  readonly firstCell: number;
  readonly starts: Int32Array;
  readonly entries: Int32Array;
}

/** The cells of one resolution, of which each covers 2 x 2 of the one before. */
interface Level {
  readonly columns: number;
  readonly rows: number;
  /** Float64Array [cells, 4]: x1, y1, x2, y2 around the anchors of each; an empty cell has x1 > x2. */
  readonly bounds: Float64Array;
  /** Anchors that stand for all of a cell are distinct[start[c]] .. distinct[start[c + 1] - 1]; none: enter it. */
  readonly start: Int32Array;
  readonly distinct: Int32Array;
}

/**
 * The anchors of one size class for faces that hold many of them: all anchors inside a face whose sides are the same have the
 * same IoU with it to the last bit, so that the first of them stands for all.
 *
 * Memory: at most 17 numbers for each of 4 / 3 cells. Cost: O(N) to build; a search looks at the cells along the edges of the
 * face and at O(log cells) squares of them inside.
 */
export class AnchorPyramid {
  readonly #grid: AnchorGrid;
  readonly #levels: Level[] = [];

  constructor(anchors: FloatArray, grid: AnchorGrid) {
    this.#grid = grid;
    this.#levels.push(summarise(anchors, grid.columns, grid.rows, undefined, this.#anchorsOfCell.bind(this)));
    for (
      let below = this.#levels[0];
      below.columns > 1 || below.rows > 1;
      below = this.#levels[this.#levels.length - 1]
    ) {
      const { columns, rows } = below;
      const level = summarise(anchors, Math.ceil(columns / 2), Math.ceil(rows / 2), below, (_, column, row) =>
        childrenOf(below, column, row).flatMap((cell) =>
          Array.from(below.distinct.subarray(below.start[cell], below.start[cell + 1])),
        ),
      );
      this.#levels.push(level);
    }
  }

  /**
   * Call `visit` with runs of anchors, entries `from` up to `to` of `anchorsOfRun`, that hold of all anchors which overlap the
   * box and have the same IoU with it at least the first, for every IoU.
   */
  forEachDistinct(
    boxesXyxy: FloatArray,
    face: number,
    visit: (anchorsOfRun: Int32Array, from: number, to: number) => void,
  ): void {
    this.#visit(this.#levels.length - 1, 0, 0, boxesXyxy, 4 * face, visit);
  }

  #visit(
    depth: number,
    column: number,
    row: number,
    boxes: FloatArray,
    at: number,
    visit: (anchorsOfRun: Int32Array, from: number, to: number) => void,
  ): void {
    const { columns, bounds, start, distinct } = this.#levels[depth];
    const cell = row * columns + column;
    const [x1, y1, x2, y2] = [bounds[4 * cell], bounds[4 * cell + 1], bounds[4 * cell + 2], bounds[4 * cell + 3]];
    // An empty cell ends here, too.
    if (!(x1 < boxes[at + 2] && y1 < boxes[at + 3] && x2 > boxes[at] && y2 > boxes[at + 1])) return;
    const isInside = x1 >= boxes[at] && y1 >= boxes[at + 1] && x2 <= boxes[at + 2] && y2 <= boxes[at + 3];
    if (isInside && start[cell + 1] > start[cell]) {
      visit(distinct, start[cell], start[cell + 1]);
    } else if (depth === 0) {
      const { starts, entries, firstCell } = this.#grid;
      visit(entries, starts[firstCell + cell], starts[firstCell + cell + 1]);
    } else {
      const below = this.#levels[depth - 1];
      for (const child of childrenOf(below, column, row)) {
        this.#visit(depth - 1, child % below.columns, Math.floor(child / below.columns), boxes, at, visit);
      }
    }
  }

  #anchorsOfCell(cell: number): Int32Array {
    const { starts, entries, firstCell } = this.#grid;
    return entries.subarray(starts[firstCell + cell], starts[firstCell + cell + 1]);
  }
}

/** The cells of the level below that a cell covers. */
function childrenOf({ columns, rows }: Level, column: number, row: number): number[] {
  const cells: number[] = [];
  for (let y = 2 * row; y < Math.min(2 * row + 2, rows); y++) {
    for (let x = 2 * column; x < Math.min(2 * column + 2, columns); x++) cells.push(y * columns + x);
  }
  return cells;
}

/** Bounds and distinct anchors of each cell, from its anchors and, above the finest level, the bounds of its children. */
function summarise(
  anchors: FloatArray,
  columns: number,
  rows: number,
  below: Level | undefined,
  anchorsOf: (cell: number, column: number, row: number) => ArrayLike<number>,
): Level {
  const bounds = new Float64Array(4 * columns * rows);
  const start = new Int32Array(columns * rows + 1);
  const distinct: number[] = [];
  for (let cell = 0; cell < columns * rows; cell++) {
    const [column, row] = [cell % columns, Math.floor(cell / columns)];
    const own = anchorsOf(cell, column, row);
    const children = below === undefined ? [] : childrenOf(below, column, row);
    bounds.set(below === undefined ? boundsOf(anchors, own) : unionOf(below.bounds, children), 4 * cell);
    // One part of it that has too many makes that of the whole.
    const isKnown = children.every((child) => below !== undefined && isSummarised(below, child));
    const firsts = isKnown ? firstOfEach(anchors, own) : undefined;
    for (const anchor of firsts ?? []) distinct.push(anchor);
    start[cell + 1] = distinct.length;
  }
  return { columns, rows, bounds, start, distinct: Int32Array.from(distinct) };
}

/** Whether anchors stand for all of a cell: an empty cell needs none. */
function isSummarised({ bounds, start }: Level, cell: number): boolean {
  return start[cell + 1] > start[cell] || bounds[4 * cell] > bounds[4 * cell + 2];
}

function boundsOf(anchors: FloatArray, own: ArrayLike<number>): [number, number, number, number] {
  const none = Number.POSITIVE_INFINITY;
  const bounds: [number, number, number, number] = [none, none, -none, -none];
  for (let at = 0; at < own.length; at++) {
    const { left, top, right, bottom } = sidesOf(anchors, own[at]);
    bounds[0] = Math.min(bounds[0], left);
    bounds[1] = Math.min(bounds[1], top);
    bounds[2] = Math.max(bounds[2], right);
    bounds[3] = Math.max(bounds[3], bottom);
  }
  return bounds;
}

function unionOf(bounds: Float64Array, cells: readonly number[]): number[] {
  return [0, 1, 2, 3].map((side) => {
    const values = cells.map((cell) => bounds[4 * cell + side]);
    return side < 2 ? Math.min(...values) : Math.max(...values);
  });
}

/** Corners as `match` computes them: what overlaps of an anchor inside a face, to the last bit. */
function sidesOf(
  anchors: FloatArray,
  anchor: number,
): { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number } {
  const left = anchors[anchor * 4] - anchors[anchor * 4 + 2] / 2;
  const top = anchors[anchor * 4 + 1] - anchors[anchor * 4 + 3] / 2;
  return { left, top, right: left + anchors[anchor * 4 + 2], bottom: top + anchors[anchor * 4 + 3] };
}

/** The first anchor of each pair of area and area of overlap; undefined if there are too many. */
function firstOfEach(anchors: FloatArray, own: ArrayLike<number>): number[] | undefined {
  const found: { anchor: number; readonly area: number; readonly overlap: number }[] = [];
  for (let at = 0; at < own.length; at++) {
    const anchor = own[at];
    const { left, top, right, bottom } = sidesOf(anchors, anchor);
    const area = anchors[anchor * 4 + 2] * anchors[anchor * 4 + 3];
    const overlap = (right - left) * (bottom - top);
    const same = found.find((other) => other.area === area && other.overlap === overlap);
    if (same !== undefined) same.anchor = Math.min(same.anchor, anchor);
    else if (found.push({ anchor, area, overlap }) > mostDistinct) return undefined;
  }
  return found.map(({ anchor }) => anchor);
}
