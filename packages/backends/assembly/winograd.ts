// A 3 x 3 convolution by Winograd's F(2 x 2, 3 x 3): 16 products of 4 x 4 cells give 2 x 2 results, where the definition takes 36.
// Source: Lavin and Gray, arXiv:1509.09308, section 4.1. Compiled by tools/build-kernels.mjs with relaxed SIMD, whose fused
// multiply-add the products use. Every argument that ends in "At" is a byte offset into the imported memory; all numbers are
// float32. The convolution of ONNX Runtime is its oracle.

/** Most tiles of a block: its transformed tiles and products stay in the second cache. */
const block = 20;

/**
 * Transform a block of tiles of an image.
 *
 * @param tileRow   row of tiles.
 * @param first     column of the first tile of the block.
 * @param count     tiles of the block, at most 20.
 * @param width     of the image, in cells.
 * @param channels  of the image, a multiple of 4.
 * @param paddedAt  image with its border [2 ceil(height / 2) + 2, 2 ceil(width / 2) + 2, channels].
 * @param tilesAt   receives [16, 20, channels].
 */
export function transform(
  tileRow: i32,
  first: i32,
  count: i32,
  width: i32,
  channels: i32,
  paddedAt: usize,
  tilesAt: usize,
): void {
  const cell = (<usize>channels) << 2;
  const row = <usize>((((width + 1) >> 1) << 1) + 2) * cell;
  const plane = <usize>block * cell;
  const rounded = roundUp(count);
  for (let tile = 0; tile < rounded; tile++) {
    const column = first + min(tile, count - 1);
    const from = paddedAt + <usize>(tileRow * 2) * row + <usize>(column * 2) * cell;
    transformTile(from, row, cell, tilesAt + <usize>tile * cell, plane);
  }
}

/**
 * out = activation(x * w + b) of a block of tiles that `transform` has left.
 *
 * @param height, width of the image, in cells.
 * @param outputs    channels out, a multiple of 8.
 * @param weightsAt  transformed weights [16, outputs / 8, channels, 8].
 * @param biasAt     [outputs].
 * @param slope      of the activation below 0, from 0 to 1: 1 is none, 0 is ReLU.
 * @param productsAt room for 16 * 20 * outputs numbers.
 * @param outAt      [height, width, outputs].
 */
export function convolve(
  tileRow: i32,
  first: i32,
  count: i32,
  height: i32,
  width: i32,
  channels: i32,
  outputs: i32,
  tilesAt: usize,
  weightsAt: usize,
  biasAt: usize,
  slope: f32,
  productsAt: usize,
  outAt: usize,
): void {
  const inPlane = (<usize>(block * channels)) << 2;
  const outPlane = (<usize>(block * outputs)) << 2;
  const rounded = roundUp(count);
  for (let plane = 0; plane < 16; plane++) {
    multiply(
      rounded,
      channels,
      outputs,
      tilesAt + <usize>plane * inPlane,
      weightsAt + ((<usize>(plane * channels * outputs)) << 2),
      productsAt + <usize>plane * outPlane,
    );
  }
  for (let tile = 0; tile < count; tile++) {
    const from = productsAt + ((<usize>(tile * outputs)) << 2);
    gatherTile(from, outPlane, outputs, biasAt, slope, outAt, tileRow * 2, (first + tile) * 2, height, width);
  }
}

/** Tiles are multiplied in fives; those beyond the last repeat it. */
function roundUp(tiles: i32): i32 {
  return ((tiles + 4) / 5) * 5;
}

/** V = B^T d B of one tile: all channels of 4 x 4 cells, one plane a value. */
function transformTile(from: usize, row: usize, cell: usize, to: usize, plane: usize): void {
  for (let channel: usize = 0; channel < cell; channel += 16) {
    const d0 = from + channel;
    const d1 = d0 + row;
    const d2 = d1 + row;
    const d3 = d2 + row;
    // B^T: row 0 - row 2, row 1 + row 2, row 2 - row 1, row 1 - row 3; then the same of the columns.
    let out = to + channel;
    storeColumns(
      f32x4.sub(v128.load(d0), v128.load(d2)),
      f32x4.sub(v128.load(d0 + cell), v128.load(d2 + cell)),
      f32x4.sub(v128.load(d0 + 2 * cell), v128.load(d2 + 2 * cell)),
      f32x4.sub(v128.load(d0 + 3 * cell), v128.load(d2 + 3 * cell)),
      out,
      plane,
    );
    const a1 = v128.load(d1);
    const b1 = v128.load(d1 + cell);
    const c1 = v128.load(d1 + 2 * cell);
    const e1 = v128.load(d1 + 3 * cell);
    const a2 = v128.load(d2);
    const b2 = v128.load(d2 + cell);
    const c2 = v128.load(d2 + 2 * cell);
    const e2 = v128.load(d2 + 3 * cell);
    out += 4 * plane;
    storeColumns(f32x4.add(a1, a2), f32x4.add(b1, b2), f32x4.add(c1, c2), f32x4.add(e1, e2), out, plane);
    out += 4 * plane;
    storeColumns(f32x4.sub(a2, a1), f32x4.sub(b2, b1), f32x4.sub(c2, c1), f32x4.sub(e2, e1), out, plane);
    out += 4 * plane;
    storeColumns(
      f32x4.sub(a1, v128.load(d3)),
      f32x4.sub(b1, v128.load(d3 + cell)),
      f32x4.sub(c1, v128.load(d3 + 2 * cell)),
      f32x4.sub(e1, v128.load(d3 + 3 * cell)),
      out,
      plane,
    );
  }
}

function storeColumns(a: v128, b: v128, c: v128, d: v128, to: usize, plane: usize): void {
  v128.store(to, f32x4.sub(a, c));
  v128.store(to + plane, f32x4.add(b, c));
  v128.store(to + 2 * plane, f32x4.sub(c, b));
  v128.store(to + 3 * plane, f32x4.sub(b, d));
}

/** M = V U of one plane: five tiles by eight outputs at a time. */
function multiply(tiles: i32, channels: i32, outputs: i32, x: usize, weights: usize, out: usize): void {
  const cell = (<usize>channels) << 2;
  const stride = (<usize>outputs) << 2;
  const depth = (<usize>channels) << 5;
  for (let output: usize = 0; output < stride; output += 32) {
    for (let tile = 0; tile < tiles; tile += 5) {
      let p0 = x + <usize>tile * cell;
      let p1 = p0 + cell;
      let p2 = p1 + cell;
      let p3 = p2 + cell;
      let p4 = p3 + cell;
      let w = weights;
      const end = weights + depth;
      let a0 = f32x4.splat(0);
      let b0 = f32x4.splat(0);
      let a1 = f32x4.splat(0);
      let b1 = f32x4.splat(0);
      let a2 = f32x4.splat(0);
      let b2 = f32x4.splat(0);
      let a3 = f32x4.splat(0);
      let b3 = f32x4.splat(0);
      let a4 = f32x4.splat(0);
      let b4 = f32x4.splat(0);
      while (w < end) {
        let u = v128.load(w);
        let v = v128.load(w, 16);
        let s = v128.load_splat<f32>(p0);
        a0 = f32x4.relaxed_madd(s, u, a0);
        b0 = f32x4.relaxed_madd(s, v, b0);
        s = v128.load_splat<f32>(p1);
        a1 = f32x4.relaxed_madd(s, u, a1);
        b1 = f32x4.relaxed_madd(s, v, b1);
        s = v128.load_splat<f32>(p2);
        a2 = f32x4.relaxed_madd(s, u, a2);
        b2 = f32x4.relaxed_madd(s, v, b2);
        s = v128.load_splat<f32>(p3);
        a3 = f32x4.relaxed_madd(s, u, a3);
        b3 = f32x4.relaxed_madd(s, v, b3);
        s = v128.load_splat<f32>(p4);
        a4 = f32x4.relaxed_madd(s, u, a4);
        b4 = f32x4.relaxed_madd(s, v, b4);
        u = v128.load(w, 32);
        v = v128.load(w, 48);
        s = v128.load_splat<f32>(p0, 4);
        a0 = f32x4.relaxed_madd(s, u, a0);
        b0 = f32x4.relaxed_madd(s, v, b0);
        s = v128.load_splat<f32>(p1, 4);
        a1 = f32x4.relaxed_madd(s, u, a1);
        b1 = f32x4.relaxed_madd(s, v, b1);
        s = v128.load_splat<f32>(p2, 4);
        a2 = f32x4.relaxed_madd(s, u, a2);
        b2 = f32x4.relaxed_madd(s, v, b2);
        s = v128.load_splat<f32>(p3, 4);
        a3 = f32x4.relaxed_madd(s, u, a3);
        b3 = f32x4.relaxed_madd(s, v, b3);
        s = v128.load_splat<f32>(p4, 4);
        a4 = f32x4.relaxed_madd(s, u, a4);
        b4 = f32x4.relaxed_madd(s, v, b4);
        p0 += 8;
        p1 += 8;
        p2 += 8;
        p3 += 8;
        p4 += 8;
        w += 64;
      }
      let to = out + <usize>tile * stride + output;
      v128.store(to, a0);
      v128.store(to, b0, 16);
      to += stride;
      v128.store(to, a1);
      v128.store(to, b1, 16);
      to += stride;
      v128.store(to, a2);
      v128.store(to, b2, 16);
      to += stride;
      v128.store(to, a3);
      v128.store(to, b3, 16);
      to += stride;
      v128.store(to, a4);
      v128.store(to, b4, 16);
    }
    weights += depth;
  }
}

/** Y = A^T M A of one tile, with bias and activation; cells beyond the image are left out. */
function gatherTile(
  from: usize,
  plane: usize,
  outputs: i32,
  biasAt: usize,
  slope: f32,
  outAt: usize,
  y: i32,
  x: i32,
  height: i32,
  width: i32,
): void {
  const cell = (<usize>outputs) << 2;
  const at = outAt + <usize>(y * width + x) * cell;
  const right = x + 1 < width;
  const below = y + 1 < height;
  const line = <usize>width * cell;
  const factor = f32x4.splat(slope);
  for (let output: usize = 0; output < cell; output += 16) {
    const m = from + output;
    const bias = v128.load(biasAt + output);
    // A^T: 0 + 1 + 2 and 1 - 2 - 3, of the rows and then of the columns.
    let c = m;
    let r1 = v128.load(c + 4 * plane);
    let r2 = v128.load(c + 8 * plane);
    let top0 = f32x4.add(f32x4.add(v128.load(c), r1), r2);
    let low0 = f32x4.sub(f32x4.sub(r1, r2), v128.load(c + 12 * plane));
    c += plane;
    r1 = v128.load(c + 4 * plane);
    r2 = v128.load(c + 8 * plane);
    let top1 = f32x4.add(f32x4.add(v128.load(c), r1), r2);
    let low1 = f32x4.sub(f32x4.sub(r1, r2), v128.load(c + 12 * plane));
    top0 = f32x4.add(top0, top1);
    low0 = f32x4.add(low0, low1);
    c += plane;
    r1 = v128.load(c + 4 * plane);
    r2 = v128.load(c + 8 * plane);
    let top = f32x4.add(f32x4.add(v128.load(c), r1), r2);
    let low = f32x4.sub(f32x4.sub(r1, r2), v128.load(c + 12 * plane));
    top0 = f32x4.add(top0, top);
    low0 = f32x4.add(low0, low);
    top1 = f32x4.sub(top1, top);
    low1 = f32x4.sub(low1, low);
    c += plane;
    r1 = v128.load(c + 4 * plane);
    r2 = v128.load(c + 8 * plane);
    top = f32x4.add(f32x4.add(v128.load(c), r1), r2);
    low = f32x4.sub(f32x4.sub(r1, r2), v128.load(c + 12 * plane));
    top1 = f32x4.sub(top1, top);
    low1 = f32x4.sub(low1, low);
    const to = at + output;
    v128.store(to, activate(f32x4.add(top0, bias), factor));
    if (right) v128.store(to + cell, activate(f32x4.add(top1, bias), factor));
    if (below) {
      v128.store(to + line, activate(f32x4.add(low0, bias), factor));
      if (right) v128.store(to + line + cell, activate(f32x4.add(low1, bias), factor));
    }
  }
}

function activate(value: v128, slope: v128): v128 {
  return f32x4.max(value, f32x4.mul(value, slope));
}
