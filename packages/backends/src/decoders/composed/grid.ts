import type { AnchorShape, ComposedGeometry, ComposedLevel } from '@retinabench/models';

/** The candidates of one map, or of rows without a map (one row of `columns` cells). */
export interface GridLevel {
  readonly rows: number;
  readonly columns: number;
  readonly perCell: number;
  /** Index of its first candidate. */
  readonly first: number;
  readonly stride: number;
}

/** Where the candidates of an input stand. Candidates are numbered level by level, row by row, column by column, anchor by anchor. */
export interface Grid {
  readonly levels: readonly GridLevel[];
  readonly count: number;
  /** Float64Array [count, 4]: (x, y) of the point, width and height of the anchor (0 without anchors), in input pixels. */
  readonly anchors: Float64Array;
}

/** An anchor in its cell: its point in pixels from the cell's corner, and its sides. */
interface CellAnchor {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Lay the candidates of a geometry over an input.
 *
 * Cost: O(candidates); the result is cached by its caller.
 * Source: arXiv:1512.02325, section 2.2 (cell centres); arXiv:1708.05234, section 3.2 (densities).
 */
export function layGrid(geometry: ComposedGeometry, widthPx: number, heightPx: number): Grid {
  if (geometry.list !== undefined) return listed(geometry, geometry.list, widthPx, heightPx);
  const levels: GridLevel[] = [];
  const cells: CellAnchor[][] = [];
  const round = geometry.cells === 'floor' ? Math.floor : Math.ceil;
  let count = 0;
  for (const level of geometry.levels ?? []) {
    const anchors = cellAnchors(level, geometry);
    const [rows, columns] = [round(heightPx / level.stride), round(widthPx / level.stride)];
    levels.push({ rows, columns, perCell: anchors.length, first: count, stride: level.stride });
    cells.push(anchors);
    count += rows * columns * anchors.length;
  }
  const anchors = new Float64Array(count * 4);
  let at = 0;
  for (const [index, { rows, columns, stride }] of levels.entries()) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        for (const { x, y, width, height } of cells[index]) {
          anchors[at++] = column * stride + x;
          anchors[at++] = row * stride + y;
          anchors[at++] = width;
          anchors[at++] = height;
        }
      }
    }
  }
  if (geometry.clampAnchors) clampToInput(anchors, widthPx, heightPx);
  return { levels, count, anchors };
}

/** A grid of `count` rows that stand nowhere: their numbers are boxes already. */
export function rowsGrid(count: number): Grid {
  return {
    levels: [{ rows: 1, columns: count, perCell: 1, first: 0, stride: 1 }],
    count,
    anchors: new Float64Array(0),
  };
}

function listed(
  { listUnit, clampAnchors }: ComposedGeometry,
  list: readonly (readonly number[])[],
  widthPx: number,
  heightPx: number,
): Grid {
  const [unitX, unitY] = listUnit === 'input' ? [widthPx, heightPx] : [1, 1];
  const anchors = Float64Array.from(list.flat(), (value, at) => value * (at % 2 === 0 ? unitX : unitY));
  if (clampAnchors) clampToInput(anchors, widthPx, heightPx);
  return { ...rowsGrid(list.length), anchors };
}

function cellAnchors({ anchors, points, stride }: ComposedLevel, geometry: ComposedGeometry): CellAnchor[] {
  const point = geometry.pointPx ?? (geometry.pointInCell ?? 0.5) * stride;
  if (anchors === undefined) {
    return new Array<CellAnchor>(points ?? 1).fill({ x: point, y: point, width: 0, height: 0 });
  }
  return anchors.flatMap((shape) => shapesOf(shape, stride, point));
}

function shapesOf(shape: AnchorShape, stride: number, point: number): CellAnchor[] {
  if (typeof shape === 'number') return [{ x: point, y: point, width: shape, height: shape }];
  if (!('widthPx' in shape)) return [{ x: point, y: point, width: shape[0], height: shape[1] }];
  const { widthPx, heightPx, density, shift = 0 } = shape;
  const steps = Array.from({ length: density }, (_, index) => ((index + shift) / density) * stride);
  return steps.flatMap((y) => steps.map((x) => ({ x, y, width: widthPx, height: heightPx })));
}

/** Clip centres and sides to 0..1 of the input, as SSD's `clip` and UltraFace's priors do. */
function clampToInput(anchors: Float64Array, widthPx: number, heightPx: number): void {
  for (let at = 0; at < anchors.length; at++) {
    anchors[at] = Math.min(Math.max(anchors[at], 0), at % 2 === 0 ? widthPx : heightPx);
  }
}
