/**
 * The faces of an image in bands by their upper edge, in each band by their left edge, so that those near a detection are found
 * without looking at all.
 */
export interface FaceOrder {
  /** Int32Array: rows, of which those of band b are [bandStart[b], bandStart[b + 1]). */
  readonly rows: Int32Array;
  readonly bandStart: Int32Array;
  readonly bands: number;
  /** Upper edge of the first band, and height of each; of a single band 0. */
  readonly top: number;
  readonly bandHeight: number;
  /** The largest width and height of the rows. */
  readonly widest: number;
  readonly tallest: number;
}

/** Images of at most this many faces are one band: dividing them further gains nothing. */
const facesOfOneBand = 256;

/**
 * Order the faces [from, to).
 *
 * @param faces rows of (x1, y1, x2, y2, area), finite.
 * @param rows  Int32Array [faces]: receives the order at [from, to), and holds it.
 * Cost: O(faces log faces).
 */
export function orderFaces(faces: Float64Array, from: number, to: number, rows: Int32Array): FaceOrder {
  let [top, bottom, widest, tallest] = [Infinity, -Infinity, 0, 0];
  for (let face = from; face < to; face++) {
    top = Math.min(top, faces[5 * face + 1]);
    bottom = Math.max(bottom, faces[5 * face + 1]);
    widest = Math.max(widest, faces[5 * face + 2] - faces[5 * face]);
    tallest = Math.max(tallest, faces[5 * face + 3] - faces[5 * face + 1]);
  }
  const count = to - from;
  // Of a crowd that is spread evenly, as many faces lie in a band as there are bands.
  const bandHeight = count <= facesOfOneBand ? 0 : (bottom - top) / Math.floor(Math.sqrt(count));
  const bands = bandHeight > 0 ? Math.floor((bottom - top) / bandHeight) + 1 : 1;
  const bandOf = (face: number): number =>
    bands === 1 ? 0 : Math.min(bands - 1, Math.floor((faces[5 * face + 1] - top) / bandHeight));
  const bandStart = new Int32Array(bands + 1);
  for (let face = from; face < to; face++) bandStart[bandOf(face) + 1]++;
  bandStart[0] = from;
  for (let band = 0; band < bands; band++) bandStart[band + 1] += bandStart[band];
  const next = bandStart.slice();
  for (let face = from; face < to; face++) rows[next[bandOf(face)]++] = face;
  for (let band = 0; band < bands; band++) {
    rows.subarray(bandStart[band], bandStart[band + 1]).sort((a, b) => faces[5 * a] - faces[5 * b]);
  }
  return {
    rows,
    bandStart,
    bands,
    top: bands === 1 ? 0 : top,
    bandHeight: bands === 1 ? 0 : bandHeight,
    widest,
    tallest,
  };
}

/** The band that holds upper edges at `y`, the nearest one beyond the ends; 0 if `y` is not a number. */
export function bandAt({ bands, top, bandHeight }: FaceOrder, y: number): number {
  if (bands === 1) return 0;
  const band = Math.floor((y - top) / bandHeight);
  return band > 0 ? Math.min(band, bands - 1) : 0;
}

/** The first place in [from, to) of an order whose face begins at `x` or further right. */
export function firstFrom(faces: Float64Array, rows: Int32Array, from: number, to: number, x: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (faces[5 * rows[middle]] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
