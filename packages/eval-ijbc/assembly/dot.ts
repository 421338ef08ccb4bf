// Dot products of float64 vectors in WebAssembly SIMD. Written in AssemblyScript; see src/score/kernel.ts for the
// contract and src/score/dot.ts for the same arithmetic in plain TypeScript: lane 0 sums the even elements, lane 1 the
// odd ones, and the two are added last, so that both give the same bits.

function finish(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

function multiplyAdd(sum: v128, a: v128, b: usize): v128 {
  return f64x2.add(sum, f64x2.mul(a, v128.load(b)));
}

function dot(a: usize, b: usize, vectorBytes: usize): f64 {
  let sum = f64x2.splat(0);
  for (let offset: usize = 0; offset < vectorBytes; offset += 16) {
    sum = multiplyAdd(sum, v128.load(a + offset), b + offset);
  }
  return finish(sum);
}

/**
 * Scores of the pairs order[from] ... order[to - 1].
 *
 * vectors: f64 [templates, dimensions], dimensions even; left, right: i32 [pairs], template indices; order: u32 [pairs],
 * pairs with the same left index next to each other; out: f64 [pairs], written in the order of the pairs.
 */
export function scorePairs(
  vectors: usize,
  vectorBytes: usize,
  left: usize,
  right: usize,
  order: usize,
  from: u32,
  to: u32,
  out: usize,
): void {
  let position = order + ((<usize>from) << 2);
  const end = order + ((<usize>to) << 2);
  while (position + 16 <= end) {
    const p0 = <usize>load<u32>(position);
    const p1 = <usize>load<u32>(position, 4);
    const p2 = <usize>load<u32>(position, 8);
    const p3 = <usize>load<u32>(position, 12);
    const row = load<u32>(left + (p0 << 2));
    const a = vectors + <usize>row * vectorBytes;
    const b0 = vectors + <usize>load<u32>(right + (p0 << 2)) * vectorBytes;
    if (
      row !== load<u32>(left + (p1 << 2)) ||
      row !== load<u32>(left + (p2 << 2)) ||
      row !== load<u32>(left + (p3 << 2))
    ) {
      store<f64>(out + (p0 << 3), dot(a, b0, vectorBytes));
      position += 4;
      continue;
    }
    const b1 = vectors + <usize>load<u32>(right + (p1 << 2)) * vectorBytes;
    const b2 = vectors + <usize>load<u32>(right + (p2 << 2)) * vectorBytes;
    const b3 = vectors + <usize>load<u32>(right + (p3 << 2)) * vectorBytes;
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    let s2 = f64x2.splat(0);
    let s3 = f64x2.splat(0);
    for (let offset: usize = 0; offset < vectorBytes; offset += 16) {
      const x = v128.load(a + offset);
      s0 = multiplyAdd(s0, x, b0 + offset);
      s1 = multiplyAdd(s1, x, b1 + offset);
      s2 = multiplyAdd(s2, x, b2 + offset);
      s3 = multiplyAdd(s3, x, b3 + offset);
    }
    store<f64>(out + (p0 << 3), finish(s0));
    store<f64>(out + (p1 << 3), finish(s1));
    store<f64>(out + (p2 << 3), finish(s2));
    store<f64>(out + (p3 << 3), finish(s3));
    position += 16;
  }
  for (; position < end; position += 4) {
    const pair = <usize>load<u32>(position);
    const a = vectors + <usize>load<u32>(left + (pair << 2)) * vectorBytes;
    const b = vectors + <usize>load<u32>(right + (pair << 2)) * vectorBytes;
    store<f64>(out + (pair << 3), dot(a, b, vectorBytes));
  }
}
