// SIMD kernels of the mesh decoder, compiled by tools/build-kernels.mjs. Every argument that ends in "At" is a byte offset into
// the imported memory; all numbers there are float32, indices uint32. The scalar functions of src/mesh are their oracle.

/** out = factor M x, less `before` where that is not 0. M in compressed rows, x and out row-major with `features` columns. */
export function csrMultiply(
  rows: i32,
  rowStartAt: usize,
  columnIndexAt: usize,
  valuesAt: usize,
  features: i32,
  xAt: usize,
  factor: f32,
  beforeAt: usize,
  outAt: usize,
): void {
  const stride = (<usize>features) << 2;
  for (let row = 0; row < rows; row++) {
    const first = load<u32>(rowStartAt + ((<usize>row) << 2));
    const end = load<u32>(rowStartAt + ((<usize>row) << 2) + 4);
    const to = outAt + <usize>row * stride;
    let feature: usize = 0;
    for (; feature + 32 <= stride; feature += 32) {
      let sum0 = f32x4.splat(0);
      let sum1 = f32x4.splat(0);
      for (let at = first; at < end; at++) {
        const value = f32x4.splat(load<f32>(valuesAt + ((<usize>at) << 2)) * factor);
        const from = xAt + <usize>load<u32>(columnIndexAt + ((<usize>at) << 2)) * stride + feature;
        sum0 = f32x4.add(sum0, f32x4.mul(value, v128.load(from)));
        sum1 = f32x4.add(sum1, f32x4.mul(value, v128.load(from, 16)));
      }
      if (beforeAt !== 0) {
        const before = beforeAt + <usize>row * stride + feature;
        sum0 = f32x4.sub(sum0, v128.load(before));
        sum1 = f32x4.sub(sum1, v128.load(before, 16));
      }
      v128.store(to + feature, sum0);
      v128.store(to + feature, sum1, 16);
    }
    for (; feature < stride; feature += 4) {
      let sum: f32 = 0;
      for (let at = first; at < end; at++) {
        const from = xAt + <usize>load<u32>(columnIndexAt + ((<usize>at) << 2)) * stride + feature;
        sum += load<f32>(valuesAt + ((<usize>at) << 2)) * factor * load<f32>(from);
      }
      if (beforeAt !== 0) sum -= load<f32>(beforeAt + <usize>row * stride + feature);
      store<f32>(to + feature, sum);
    }
  }
}

/** out [n, outputs] = bias + sum over k of x_k [n, inputs] w_k [inputs, outputs]; blocks of x lie n x inputs apart. bias 0: none. */
export function product(
  count: i32,
  terms: i32,
  inputs: i32,
  outputs: i32,
  xAt: usize,
  weightAt: usize,
  biasAt: usize,
  outAt: usize,
): void {
  const block = (<usize>count * <usize>inputs) << 2;
  const rowBytes = (<usize>outputs) << 2;
  for (let row = 0; row < count; row++) {
    const to = outAt + <usize>row * rowBytes;
    let column: usize = 0;
    for (; column + 32 <= rowBytes; column += 32) {
      let sum0 = biasAt !== 0 ? v128.load(biasAt + column) : f32x4.splat(0);
      let sum1 = biasAt !== 0 ? v128.load(biasAt + column, 16) : f32x4.splat(0);
      let weight = weightAt + column;
      for (let term = 0; term < terms; term++) {
        let from = xAt + <usize>term * block + ((<usize>row * <usize>inputs) << 2);
        for (let input = 0; input < inputs; input++) {
          const value = v128.load_splat<f32>(from);
          sum0 = f32x4.add(sum0, f32x4.mul(value, v128.load(weight)));
          sum1 = f32x4.add(sum1, f32x4.mul(value, v128.load(weight, 16)));
          from += 4;
          weight += rowBytes;
        }
      }
      v128.store(to + column, sum0);
      v128.store(to + column, sum1, 16);
    }
    for (; column < rowBytes; column += 4) {
      let sum = biasAt !== 0 ? load<f32>(biasAt + column) : <f32>0;
      let weight = weightAt + column;
      for (let term = 0; term < terms; term++) {
        let from = xAt + <usize>term * block + ((<usize>row * <usize>inputs) << 2);
        for (let input = 0; input < inputs; input++) {
          sum += load<f32>(from) * load<f32>(weight);
          from += 4;
          weight += rowBytes;
        }
      }
      store<f32>(to + column, sum);
    }
  }
}

/** gradient [inputs, outputs] += x [n, inputs]^T g [n, outputs]. */
export function outerSum(count: i32, inputs: i32, outputs: i32, xAt: usize, gAt: usize, gradientAt: usize): void {
  const rowBytes = (<usize>outputs) << 2;
  const xBytes = (<usize>inputs) << 2;
  let column: usize = 0;
  for (; column + 32 <= rowBytes; column += 32) {
    for (let row = 0; row < count; row++) {
      const g0 = v128.load(gAt + <usize>row * rowBytes + column);
      const g1 = v128.load(gAt + <usize>row * rowBytes + column, 16);
      const end = xAt + <usize>(row + 1) * xBytes;
      let to = gradientAt + column;
      for (let from = end - xBytes; from < end; from += 4) {
        const value = v128.load_splat<f32>(from);
        v128.store(to, f32x4.add(v128.load(to), f32x4.mul(value, g0)));
        v128.store(to, f32x4.add(v128.load(to, 16), f32x4.mul(value, g1)), 16);
        to += rowBytes;
      }
    }
  }
  for (; column < rowBytes; column += 4) {
    for (let row = 0; row < count; row++) {
      const g = load<f32>(gAt + <usize>row * rowBytes + column);
      const end = xAt + <usize>(row + 1) * xBytes;
      let to = gradientAt + column;
      for (let from = end - xBytes; from < end; from += 4) {
        store<f32>(to, load<f32>(to) + load<f32>(from) * g);
        to += rowBytes;
      }
    }
  }
}

/** y += factor x. */
export function axpy(length: i32, factor: f32, xAt: usize, yAt: usize): void {
  const end = (<usize>length) << 2;
  const factors = f32x4.splat(factor);
  let at: usize = 0;
  for (; at + 16 <= end; at += 16) {
    v128.store(yAt + at, f32x4.add(v128.load(yAt + at), f32x4.mul(factors, v128.load(xAt + at))));
  }
  for (; at < end; at += 4) store<f32>(yAt + at, load<f32>(yAt + at) + factor * load<f32>(xAt + at));
}

/** x . y */
export function dot(length: i32, xAt: usize, yAt: usize): f32 {
  const end = (<usize>length) << 2;
  let sums0 = f32x4.splat(0);
  let sums1 = f32x4.splat(0);
  let at: usize = 0;
  for (; at + 32 <= end; at += 32) {
    sums0 = f32x4.add(sums0, f32x4.mul(v128.load(xAt + at), v128.load(yAt + at)));
    sums1 = f32x4.add(sums1, f32x4.mul(v128.load(xAt + at, 16), v128.load(yAt + at, 16)));
  }
  const sums = f32x4.add(sums0, sums1);
  let sum =
    f32x4.extract_lane(sums, 0) +
    f32x4.extract_lane(sums, 1) +
    f32x4.extract_lane(sums, 2) +
    f32x4.extract_lane(sums, 3);
  for (; at < end; at += 4) sum += load<f32>(xAt + at) * load<f32>(yAt + at);
  return sum;
}

/** exp(x) for x <= 0 to about 2e-7 relative: 2^n times a polynomial of degree 6 on [-ln 2 / 2, ln 2 / 2]. */
function exp4(x: v128): v128 {
  const clamped = f32x4.max(x, f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(<f32>Math.LOG2E)));
  let r = f32x4.sub(clamped, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(n, f32x4.splat(2.1219444e-4)));
  let p = f32x4.splat(1.0 / 720.0);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 120.0));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 24.0));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 6.0));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  const exponent = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, exponent);
}

/** In place: x where x > 0, exp(x) - 1 elsewhere. `length` is a multiple of 4. */
export function elu(length: i32, xAt: usize): void {
  const end = xAt + ((<usize>length) << 2);
  for (let at = xAt; at < end; at += 16) {
    const x = v128.load(at);
    const negative = f32x4.min(x, f32x4.splat(0));
    const below = f32x4.sub(exp4(negative), f32x4.splat(1));
    v128.store(at, v128.bitselect(x, below, f32x4.gt(x, f32x4.splat(0))));
  }
}

/** g *= y > 0 ? 1 : y + 1. `length` is a multiple of 4. */
export function eluGradient(length: i32, yAt: usize, gAt: usize): void {
  const end = (<usize>length) << 2;
  for (let at: usize = 0; at < end; at += 16) {
    const slope = f32x4.add(f32x4.min(v128.load(yAt + at), f32x4.splat(0)), f32x4.splat(1));
    v128.store(gAt + at, f32x4.mul(v128.load(gAt + at), slope));
  }
}
