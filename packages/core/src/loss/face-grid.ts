import type { FloatArray } from '../mesh/float-array.js';

/** Most cells per side: keeps the lists short for crowds and bounds the entries of a face. */
const mostCellsPerSide = 32;

/**
 * Faces by the cells of a coarse grid that they touch, so that an anchor is compared only with faces near it.
 *
 * Memory: at most 1,024 entries a face, whatever the number of anchors; matching needs no anchors x faces matrix.
 */
export interface FaceGrid {
  readonly cellsPerSide: number;
  /** Faces of cell c = row * cellsPerSide + column: `faces[starts[c]]` up to `faces[starts[c + 1]]`. */
  readonly starts: Int32Array;
  readonly faces: Int32Array;
  /** The cells that [x1, x2] x [y1, y2] touches, clamped to the grid, into `range`: first and last column, first and last row. */
  cellsOf(x1: number, y1: number, x2: number, y2: number, range: Int32Array): void;
}

/**
 * Build the grid over the extent of the boxes for which `isValid` holds; the others are left out.
 *
 * @param boxesXyxy [M, 4]: (x1, y1, x2, y2).
 * Cost: O(M x cells touched).
 */
export function buildFaceGrid(boxesXyxy: FloatArray, isValid: (face: number) => boolean): FaceGrid {
  const count = boxesXyxy.length / 4;
  let [left, top, right, bottom] = [
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  const valid: number[] = [];
  for (let face = 0; face < count; face++) {
    if (!isValid(face)) continue;
    valid.push(face);
    left = Math.min(left, boxesXyxy[face * 4]);
    top = Math.min(top, boxesXyxy[face * 4 + 1]);
    right = Math.max(right, boxesXyxy[face * 4 + 2]);
    bottom = Math.max(bottom, boxesXyxy[face * 4 + 3]);
  }
  const cellsPerSide = Math.min(Math.max(Math.ceil(2 * Math.sqrt(valid.length)), 1), mostCellsPerSide);
  const cellCount = cellsPerSide * cellsPerSide;
  const perX = cellsPerSide / (right - left);
  const perY = cellsPerSide / (bottom - top);
  const clamp = (cell: number): number => Math.min(Math.max(Math.floor(cell), 0), cellsPerSide - 1);
  const cellsOf: FaceGrid['cellsOf'] = (x1, y1, x2, y2, range) => {
    range[0] = clamp((x1 - left) * perX);
    range[1] = clamp((x2 - left) * perX);
    range[2] = clamp((y1 - top) * perY);
    range[3] = clamp((y2 - top) * perY);
  };

  const range = new Int32Array(4);
  const starts = new Int32Array(cellCount + 1);
  const forEachCell = (face: number, visit: (cell: number) => void): void => {
    const at = face * 4;
    cellsOf(boxesXyxy[at], boxesXyxy[at + 1], boxesXyxy[at + 2], boxesXyxy[at + 3], range);
    for (let row = range[2]; row <= range[3]; row++) {
      for (let column = range[0]; column <= range[1]; column++) visit(row * cellsPerSide + column);
    }
  };
  for (const face of valid) {
    forEachCell(face, (cell) => {
      starts[cell + 1]++;
    });
  }
  for (let cell = 0; cell < cellCount; cell++) starts[cell + 1] += starts[cell];
  const faces = new Int32Array(starts[cellCount]);
  const filled = starts.slice(0, cellCount);
  for (const face of valid) {
    forEachCell(face, (cell) => {
      faces[filled[cell]++] = face;
    });
  }
  return { cellsPerSide, starts, faces, cellsOf };
}
