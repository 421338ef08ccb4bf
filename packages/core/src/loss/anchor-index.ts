import type { FloatArray } from '../mesh/float-array.js';
import { AnchorPyramid } from './anchor-pyramid.js';

/** Most cells per side of the grid of one size class. */
const mostCellsPerSide = 128;

/** A pyramid is made when so many times all anchors of a class were compared with faces larger than all of them. */
const patience = 16;

/** Room for rounding in the bound on IoU. */
const slack = 1 + 1e-9;

/** Anchors whose areas share a binary exponent, in a grid by centre. */
interface SizeClass {
  anchors: number;
  lowestArea: number;
  highestArea: number;
  widest: number;
  highest: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
  columns: number;
  rows: number;
  /** Cells per pixel. */
  perX: number;
  perY: number;
  /** Index of the first cell in `starts`. */
  firstCell: number;
  /** Comparisons by forEachDistinct so far. */
  compared: number;
}

const areaFloat = new Float32Array(1);
const areaBits = new Uint32Array(areaFloat.buffer);

/** Class of an area: the exponent of its float32, 0..254; -1 if it is 0, negative or not finite. */
function classOf(area: number): number {
  areaFloat[0] = area;
  const exponent = areaBits[0] >>> 23;
  return area > 0 && exponent < 255 ? exponent : -1;
}

/**
 * Anchors by size and place, so that a face is compared only with anchors that touch it and are of a size to matter:
 * IoU is at most the ratio of the smaller area to the larger.
 *
 * Memory: O(N) and at most 16,384 cells per size class (a factor of 2 in area), of which the layouts in use have about ten.
 * Cost: O(N) to build.
 */
export class AnchorIndex {
  readonly #anchors: FloatArray;
  /** Those of the smallest anchors first. */
  readonly #classes: SizeClass[] = [];
  /** By class; made when many faces larger than all its anchors ask. */
  readonly #pyramids: AnchorPyramid[] = [];
  /** Anchors of cell c: `entries[starts[c]]` up to `entries[starts[c + 1]]`, ascending. */
  readonly #starts: Int32Array;
  readonly #entries: Int32Array;

  /** @param anchors [N, 4]: (cx, cy, w, h). One that is not finite or has no area is left out. */
  constructor(anchors: FloatArray) {
    this.#anchors = anchors;
    const count = anchors.length / 4;
    const classOfAnchor = new Int16Array(count);
    const byExponent = new Array<SizeClass | undefined>(256);
    for (let anchor = 0; anchor < count; anchor++) {
      const at = anchor * 4;
      const isPlaced = Number.isFinite(anchors[at] + anchors[at + 1]) && anchors[at + 2] > 0;
      const exponent = isPlaced ? classOf(anchors[at + 2] * anchors[at + 3]) : -1;
      classOfAnchor[anchor] = exponent;
      if (exponent < 0) continue;
      byExponent[exponent] ??= emptyClass();
      addToClass(byExponent[exponent], anchors, at);
    }
    let cells = 0;
    for (const sizeClass of byExponent) {
      if (sizeClass === undefined) continue;
      sizeClass.firstCell = cells;
      layGrid(sizeClass);
      cells += sizeClass.columns * sizeClass.rows;
      this.#classes.push(sizeClass);
    }
    this.#starts = new Int32Array(cells + 1);
    const cellOfAnchor = new Int32Array(count);
    for (let anchor = 0; anchor < count; anchor++) {
      const sizeClass = byExponent[classOfAnchor[anchor]];
      if (sizeClass === undefined) continue;
      const column = cellAt((anchors[anchor * 4] - sizeClass.left) * sizeClass.perX, sizeClass.columns);
      const row = cellAt((anchors[anchor * 4 + 1] - sizeClass.top) * sizeClass.perY, sizeClass.rows);
      cellOfAnchor[anchor] = sizeClass.firstCell + row * sizeClass.columns + column;
      this.#starts[cellOfAnchor[anchor] + 1]++;
    }
    for (let cell = 0; cell < cells; cell++) this.#starts[cell + 1] += this.#starts[cell];
    this.#entries = new Int32Array(this.#starts[cells]);
    const filled = this.#starts.slice(0, cells);
    for (let anchor = 0; anchor < count; anchor++) {
      if (classOfAnchor[anchor] >= 0) this.#entries[filled[cellOfAnchor[anchor]]++] = anchor;
    }
  }

  /** Number of size classes. */
  get sizeClasses(): number {
    return this.#classes.length;
  }

  /** The most that IoU can be between a face of `area` and an anchor of class `index`. */
  highestIou(index: number, area: number): number {
    const { lowestArea, highestArea } = this.#classes[index];
    if (area < lowestArea) return (area / lowestArea) * slack;
    return area > highestArea ? (highestArea / area) * slack : slack;
  }

  /**
   * Call `visit` with runs of anchors of class `index` that cover all that overlap the box: entries `from` up to `to` of
   * `anchorsOfRun`.
   */
  forEachRun(
    index: number,
    boxesXyxy: FloatArray,
    face: number,
    visit: (anchorsOfRun: Int32Array, from: number, to: number) => void,
  ): void {
    const { widest, highest, left, top, columns, rows, perX, perY, firstCell } = this.#classes[index];
    const at = face * 4;
    const firstColumn = cellAt((boxesXyxy[at] - widest / 2 - left) * perX, columns);
    const lastColumn = cellAt((boxesXyxy[at + 2] + widest / 2 - left) * perX, columns);
    const firstRow = cellAt((boxesXyxy[at + 1] - highest / 2 - top) * perY, rows);
    const lastRow = cellAt((boxesXyxy[at + 3] + highest / 2 - top) * perY, rows);
    for (let row = firstRow; row <= lastRow; row++) {
      // The cells of a row lie side by side in the lists too.
      const first = firstCell + row * columns;
      visit(this.#entries, this.#starts[first + firstColumn], this.#starts[first + lastColumn + 1]);
    }
  }

  /**
   * As forEachRun, but of all anchors that have the same IoU with the box it need visit no more than the first.
   *
   * Cost: over all calls, at most O(N) comparisons before what the anchors have in common is written down.
   */
  forEachDistinct(
    index: number,
    boxesXyxy: FloatArray,
    face: number,
    visit: (anchorsOfRun: Int32Array, from: number, to: number) => void,
  ): void {
    const sizeClass = this.#classes[index];
    if (sizeClass.compared < patience * sizeClass.anchors) {
      this.forEachRun(index, boxesXyxy, face, (run, from, to) => {
        sizeClass.compared += to - from;
        visit(run, from, to);
      });
      return;
    }
    this.#pyramids[index] ??= new AnchorPyramid(this.#anchors, {
      ...sizeClass,
      starts: this.#starts,
      entries: this.#entries,
    });
    this.#pyramids[index].forEachDistinct(boxesXyxy, face, visit);
  }
}

function emptyClass(): SizeClass {
  const none = Number.POSITIVE_INFINITY;
  const bounds = { left: none, top: none, right: -none, bottom: -none, lowestArea: none, highestArea: 0 };
  return {
    ...bounds,
    anchors: 0,
    widest: 0,
    highest: 0,
    columns: 1,
    rows: 1,
    perX: 0,
    perY: 0,
    firstCell: 0,
    compared: 0,
  };
}

function addToClass(sizeClass: SizeClass, anchors: FloatArray, at: number): void {
  const area = anchors[at + 2] * anchors[at + 3];
  sizeClass.anchors++;
  if (area < sizeClass.lowestArea) sizeClass.lowestArea = area;
  if (area > sizeClass.highestArea) sizeClass.highestArea = area;
  if (anchors[at + 2] > sizeClass.widest) sizeClass.widest = anchors[at + 2];
  if (anchors[at + 3] > sizeClass.highest) sizeClass.highest = anchors[at + 3];
  if (anchors[at] < sizeClass.left) sizeClass.left = anchors[at];
  if (anchors[at] > sizeClass.right) sizeClass.right = anchors[at];
  if (anchors[at + 1] < sizeClass.top) sizeClass.top = anchors[at + 1];
  if (anchors[at + 1] > sizeClass.bottom) sizeClass.bottom = anchors[at + 1];
}

/** Cells of about half an anchor's side, no more of them than anchors. */
function layGrid(sizeClass: SizeClass): void {
  const { left, top, right, bottom, widest, highest, anchors } = sizeClass;
  const most = Math.min(mostCellsPerSide, Math.ceil(Math.sqrt(anchors)));
  sizeClass.columns = Math.min(Math.max(Math.ceil((2 * (right - left)) / widest), 1), most);
  sizeClass.rows = Math.min(Math.max(Math.ceil((2 * (bottom - top)) / highest), 1), most);
  sizeClass.perX = right > left ? sizeClass.columns / (right - left) : 0;
  sizeClass.perY = bottom > top ? sizeClass.rows / (bottom - top) : 0;
}

/** The cell of a coordinate in cells, the outer ones taking all beyond. */
function cellAt(position: number, cells: number): number {
  return position < 0 ? 0 : position < cells ? Math.floor(position) : cells - 1;
}
