import { ShapeError } from '../errors.js';

/** Sizes of a resize; sides in pixels. */
export interface ResizeGeometry {
  readonly sourceWidthPx: number;
  readonly sourceHeightPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Source pixels per output pixel; default source side / output side. OpenCV called with `fx` uses 1 / fx instead. */
  readonly stepX?: number;
  readonly stepY?: number;
}

/**
 * Resize an interleaved RGB image bilinearly as OpenCV's INTER_LINEAR does: half-pixel centres, edge pixels repeated,
 * no antialiasing when shrinking; an image whose sides stay is copied.
 *
 * @param source Uint8Array [sourceHeight, sourceWidth, 3].
 * @param out    [height, width, 3]: a Float32Array receives exact grey levels (OpenCV's result on a float image, which
 *               is what the public WIDER script resizes), a Uint8Array the nearest whole ones (within one grey level
 *               of OpenCV's fixed-point result).
 * @returns `out`.
 * @throws {ShapeError} if a side is not a positive integer or a length does not fit its sides.
 * Cost: O(source rows read x width + output pixels); allocates two rows and the sample tables.
 * Source: OpenCV imgproc, resize with INTER_LINEAR.
 */
export function resizeBilinear<Out extends Float32Array | Uint8Array>(
  source: Uint8Array,
  geometry: ResizeGeometry,
  out: Out,
): Out {
  const { sourceWidthPx, sourceHeightPx, widthPx, heightPx } = geometry;
  assertImage('source', source.length, sourceWidthPx, sourceHeightPx);
  assertImage('out', out.length, widthPx, heightPx);
  // OpenCV copies where the sides stay, whatever the factor that they were rounded from.
  if (widthPx === sourceWidthPx && heightPx === sourceHeightPx) {
    out.set(source);
    return out;
  }
  const columns = sampleAxis(sourceWidthPx, widthPx, geometry.stepX ?? sourceWidthPx / widthPx);
  const rows = sampleAxis(sourceHeightPx, heightPx, geometry.stepY ?? sourceHeightPx / heightPx);
  const rounding = out instanceof Uint8Array ? 0.5 : 0;
  let upper = new Float32Array(widthPx * 3);
  let lower = new Float32Array(widthPx * 3);
  let upperRow = -1;
  let lowerRow = -1;
  for (let y = 0, to = 0; y < heightPx; y++) {
    const row = rows.first[y];
    const nextRow = Math.min(row + 1, sourceHeightPx - 1);
    if (upperRow !== row && lowerRow === row) {
      [upper, lower] = [lower, upper];
      [upperRow, lowerRow] = [lowerRow, upperRow];
    }
    if (upperRow !== row) {
      sampleRow(source, row * sourceWidthPx * 3, columns, sourceWidthPx, upper);
      upperRow = row;
    }
    if (lowerRow !== nextRow) {
      sampleRow(source, nextRow * sourceWidthPx * 3, columns, sourceWidthPx, lower);
      lowerRow = nextRow;
    }
    const weight = rows.weight[y];
    for (let x = 0; x < widthPx * 3; x++, to++) out[to] = upper[x] + (lower[x] - upper[x]) * weight + rounding;
  }
  return out;
}

interface AxisSamples {
  /** Index of the first of the two source samples of each output sample. */
  readonly first: Int32Array;
  /** Weight of the second. */
  readonly weight: Float32Array;
}

function sampleAxis(sourceSide: number, side: number, step: number): AxisSamples {
  const first = new Int32Array(side);
  const weight = new Float32Array(side);
  for (let index = 0; index < side; index++) {
    const position = Math.min(Math.max((index + 0.5) * step - 0.5, 0), sourceSide - 1);
    first[index] = Math.floor(position);
    weight[index] = position - first[index];
  }
  return { first, weight };
}

function sampleRow(source: Uint8Array, at: number, columns: AxisSamples, sourceWidth: number, out: Float32Array): void {
  const { first, weight } = columns;
  for (let x = 0, to = 0; x < first.length; x++, to += 3) {
    const left = at + first[x] * 3;
    const right = first[x] + 1 < sourceWidth ? left + 3 : left;
    const share = weight[x];
    out[to] = source[left] + (source[right] - source[left]) * share;
    out[to + 1] = source[left + 1] + (source[right + 1] - source[left + 1]) * share;
    out[to + 2] = source[left + 2] + (source[right + 2] - source[left + 2]) * share;
  }
}

function assertImage(name: string, length: number, widthPx: number, heightPx: number): void {
  if (!(Number.isInteger(widthPx) && Number.isInteger(heightPx) && widthPx > 0 && heightPx > 0)) {
    throw new ShapeError(`resizeBilinear: ${name}: expected positive whole sides, got ${widthPx} x ${heightPx}`);
  }
  if (length !== widthPx * heightPx * 3) {
    throw new ShapeError(
      `resizeBilinear: ${name}: expected ${widthPx * heightPx * 3} samples for ${widthPx} x ${heightPx} RGB, got ${length}`,
    );
  }
}
