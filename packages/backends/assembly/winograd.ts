// A 3 x 3 convolution by Winograd's F(4 x 4, 3 x 3): 36 products of 6 x 6 cells give 4 x 4 results, where the definition takes 144.
// The points are 0, a, -a, b, -b and infinity with a = 5/8 and b = 3/2: less than half of the error of 1 and 2, and every
// coefficient below is exact in float32. Source: Lavin and Gray, arXiv:1509.09308, section 4.2; for other points Barabasz et al.,
// arXiv:1803.10986. Compiled by tools/build-kernels.mjs with relaxed SIMD, whose fused multiply-add all of it uses. Every argument
// that ends in "At" is a byte offset into the imported memory; all numbers are float32. The convolution of ONNX Runtime is its oracle.

/** Most tiles of a block: its transformed tiles and products stay in the second cache. */
const block = 20;

/** a, b, and what the transformations take of them. */
const a: f32 = 0.625;
const b: f32 = 1.5;
const a2: f32 = 0.390625;
const b2: f32 = 2.25;
const a3: f32 = 0.244140625;
const b3: f32 = 3.375;
const a2b2: f32 = 0.87890625;
const a2PlusB2: f32 = 2.640625;

/**
 * Transform a block of tiles of an image.
 *
 * @param first     of the block's tiles, counted row by row.
 * @param count     tiles of the block, at most 20.
 * @param width     of the image, in cells.
 * @param channels  of the image, a multiple of 4.
 * @param paddedAt  image with its border [4 ceil(height / 4) + 2, 4 ceil(width / 4) + 2, channels].
 * @param tilesAt   receives [36, 20, channels].
 * @param scratchAt room for 144 numbers.
 */
export function transform(
  first: i32,
  count: i32,
  width: i32,
  channels: i32,
  paddedAt: usize,
  tilesAt: usize,
  scratchAt: usize,
): void {
  const tilesWide = (width + 3) >> 2;
  const cell = (<usize>channels) << 2;
  const row = <usize>((tilesWide << 2) + 2) * cell;
  const plane = <usize>block * cell;
  const rounded = roundUp(count);
  for (let tile = 0; tile < rounded; tile++) {
    const at = first + min(tile, count - 1);
    const from = paddedAt + <usize>((at / tilesWide) << 2) * row + <usize>((at % tilesWide) << 2) * cell;
    transformTile(from, row, cell, tilesAt + <usize>tile * cell, plane, scratchAt);
  }
}

/**
 * out = activation(x * w + b) of a block of tiles that `transform` has left.
 *
 * @param height, width of the image, in cells.
 * @param outputs    channels out, a multiple of 8.
 * @param weightsAt  transformed weights [36, outputs / 8, channels, 8].
 * @param biasAt     [outputs].
 * @param slope      of the activation below 0, from 0 to 1: 1 is none, 0 is ReLU.
 * @param productsAt room for 36 * 20 * outputs numbers.
 * @param outAt      receives [height, width, outputs].
 * @param scratchAt  room for 96 numbers.
 */
export function convolve(
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
  scratchAt: usize,
): void {
  const tilesWide = (width + 3) >> 2;
  const inPlane = (<usize>(block * channels)) << 2;
  const outPlane = (<usize>(block * outputs)) << 2;
  const rounded = roundUp(count);
  for (let plane = 0; plane < 36; plane++) {
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
    const y = ((first + tile) / tilesWide) << 2;
    const x = ((first + tile) % tilesWide) << 2;
    gatherTile(from, outPlane, outputs, biasAt, slope, outAt, y, x, height, width, scratchAt);
  }
}

/**
 * The largest magnitude of each cell.
 *
 * @param cells    of the image with its border.
 * @param channels of the image, a multiple of 4.
 * @param imageAt  [cells, channels].
 * @param levelsAt receives [cells]; NaN where a channel is NaN.
 */
export function measure(cells: i32, channels: i32, imageAt: usize, levelsAt: usize): void {
  const cell = (<usize>channels) << 2;
  let from = imageAt;
  for (let at: usize = 0; at < <usize>cells; at++) {
    const end = from + cell;
    let most = f32x4.splat(0);
    for (; from < end; from += 16) most = f32x4.max(most, f32x4.abs(v128.load(from)));
    const left = max<f32>(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1));
    const right = max<f32>(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3));
    store<f32>(levelsAt + (at << 2), max<f32>(left, right));
  }
}

/** Tiles are multiplied in fives; those beyond the last repeat it. */
function roundUp(tiles: i32): i32 {
  return ((tiles + 4) / 5) * 5;
}

/**
 * V = B^T d B of one tile: all channels of 6 x 6 cells, one plane a value; six turns for the columns, six for the rows. There is
 * one call of `transformSix`, so that the compiler puts it in place.
 */
function transformTile(from: usize, row: usize, cell: usize, to: usize, plane: usize, scratch: usize): void {
  for (let channel: usize = 0; channel < cell; channel += 16) {
    for (let turn: usize = 0; turn < 12; turn++) {
      const ofRow = turn >= 6;
      const line = turn - 6;
      transformSix(
        ofRow ? scratch + line * 96 : from + channel + turn * cell,
        ofRow ? 16 : row,
        ofRow ? to + channel + line * 6 * plane : scratch + (turn << 4),
        ofRow ? plane : 96,
      );
    }
  }
}

/** B^T of six values: the polynomial of the points without one of them, at that one. */
function transformSix(from: usize, step: usize, to: usize, toStep: usize): void {
  const d0 = v128.load(from);
  const d1 = v128.load(from + step);
  const d2 = v128.load(from + 2 * step);
  const d3 = v128.load(from + 3 * step);
  const d4 = v128.load(from + 4 * step);
  const d5 = v128.load(from + 5 * step);
  // x^4 - (a^2 + b^2) x^2 + a^2 b^2, and the same times x.
  v128.store(to, add(d4, d2, -a2PlusB2, d0, a2b2));
  v128.store(to + 5 * toStep, add(d5, d3, -a2PlusB2, d1, a2b2));
  // x (x + p) (x^2 - q^2): even powers and odd ones, with p of either sign.
  let even = f32x4.relaxed_madd(f32x4.splat(-b2), d2, d4);
  let odd = f32x4.relaxed_madd(f32x4.splat(-b2), d1, d3);
  v128.store(to + toStep, f32x4.relaxed_madd(f32x4.splat(a), odd, even));
  v128.store(to + 2 * toStep, f32x4.relaxed_madd(f32x4.splat(-a), odd, even));
  even = f32x4.relaxed_madd(f32x4.splat(-a2), d2, d4);
  odd = f32x4.relaxed_madd(f32x4.splat(-a2), d1, d3);
  v128.store(to + 3 * toStep, f32x4.relaxed_madd(f32x4.splat(b), odd, even));
  v128.store(to + 4 * toStep, f32x4.relaxed_madd(f32x4.splat(-b), odd, even));
}

/** x + y p + z q. */
function add(x: v128, y: v128, p: f32, z: v128, q: f32): v128 {
  return f32x4.relaxed_madd(f32x4.splat(q), z, f32x4.relaxed_madd(f32x4.splat(p), y, x));
}

/** M = V U of one plane: five tiles by eight outputs at a time, four channels a turn: 1.24 times as fast as two. */
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
        u = v128.load(w, 64);
        v = v128.load(w, 80);
        s = v128.load_splat<f32>(p0, 8);
        a0 = f32x4.relaxed_madd(s, u, a0);
        b0 = f32x4.relaxed_madd(s, v, b0);
        s = v128.load_splat<f32>(p1, 8);
        a1 = f32x4.relaxed_madd(s, u, a1);
        b1 = f32x4.relaxed_madd(s, v, b1);
        s = v128.load_splat<f32>(p2, 8);
        a2 = f32x4.relaxed_madd(s, u, a2);
        b2 = f32x4.relaxed_madd(s, v, b2);
        s = v128.load_splat<f32>(p3, 8);
        a3 = f32x4.relaxed_madd(s, u, a3);
        b3 = f32x4.relaxed_madd(s, v, b3);
        s = v128.load_splat<f32>(p4, 8);
        a4 = f32x4.relaxed_madd(s, u, a4);
        b4 = f32x4.relaxed_madd(s, v, b4);
        u = v128.load(w, 96);
        v = v128.load(w, 112);
        s = v128.load_splat<f32>(p0, 12);
        a0 = f32x4.relaxed_madd(s, u, a0);
        b0 = f32x4.relaxed_madd(s, v, b0);
        s = v128.load_splat<f32>(p1, 12);
        a1 = f32x4.relaxed_madd(s, u, a1);
        b1 = f32x4.relaxed_madd(s, v, b1);
        s = v128.load_splat<f32>(p2, 12);
        a2 = f32x4.relaxed_madd(s, u, a2);
        b2 = f32x4.relaxed_madd(s, v, b2);
        s = v128.load_splat<f32>(p3, 12);
        a3 = f32x4.relaxed_madd(s, u, a3);
        b3 = f32x4.relaxed_madd(s, v, b3);
        s = v128.load_splat<f32>(p4, 12);
        a4 = f32x4.relaxed_madd(s, u, a4);
        b4 = f32x4.relaxed_madd(s, v, b4);
        p0 += 16;
        p1 += 16;
        p2 += 16;
        p3 += 16;
        p4 += 16;
        w += 128;
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
  scratch: usize,
): void {
  const cell = (<usize>outputs) << 2;
  const at = outAt + <usize>(y * width + x) * cell;
  const rows = min(4, height - y);
  const columns = min(4, width - x);
  const turns: usize = 6 + <usize>rows;
  const line = <usize>width * cell;
  const factor = f32x4.splat(slope);
  for (let output: usize = 0; output < cell; output += 16) {
    // Six turns for the columns, then the rows, each in the place of its first values.
    for (let turn: usize = 0; turn < turns; turn++) {
      const ofRow = turn >= 6;
      const inPlace = scratch + (turn - 6) * 96;
      gatherFour(
        ofRow ? inPlace : from + output + turn * plane,
        ofRow ? 16 : 6 * plane,
        ofRow ? inPlace : scratch + (turn << 4),
        ofRow ? 16 : 96,
      );
    }
    const bias = v128.load(biasAt + output);
    for (let r = 0; r < rows; r++) {
      let to = at + output + <usize>r * line;
      const end = to + <usize>columns * cell;
      for (let m = scratch + <usize>r * 96; to < end; to += cell, m += 16) {
        v128.store(to, activate(f32x4.add(v128.load(m), bias), factor));
      }
    }
  }
}

/** A^T of six products: what powers 0 to 3 of the points make of them. */
function gatherFour(from: usize, step: usize, to: usize, toStep: usize): void {
  const m1 = v128.load(from + step);
  const m2 = v128.load(from + 2 * step);
  const m3 = v128.load(from + 3 * step);
  const m4 = v128.load(from + 4 * step);
  const m5 = v128.load(from + 5 * step);
  const sumA = f32x4.add(m1, m2);
  const sumB = f32x4.add(m3, m4);
  const differenceA = f32x4.sub(m1, m2);
  const differenceB = f32x4.sub(m3, m4);
  v128.store(to, f32x4.add(f32x4.add(v128.load(from), sumA), sumB));
  v128.store(to + toStep, f32x4.relaxed_madd(f32x4.splat(b), differenceB, f32x4.mul(f32x4.splat(a), differenceA)));
  v128.store(to + 2 * toStep, f32x4.relaxed_madd(f32x4.splat(b2), sumB, f32x4.mul(f32x4.splat(a2), sumA)));
  v128.store(to + 3 * toStep, add(m5, differenceA, a3, differenceB, b3));
}

function activate(value: v128, slope: v128): v128 {
  return f32x4.max(value, f32x4.mul(value, slope));
}
