/** Columns that are added up as one: whole numbers, each times a power of two above the sums of those before it. */
interface PackedColumns {
  /** Float64Array [images]. */
  readonly values: Float64Array;
  /** By column, in the order of their scales. */
  readonly parts: readonly { readonly column: number; readonly scale: number }[];
}

/**
 * Sums of columns over images that are drawn with replacement. Float64 holds whole numbers of 53 bits; columns whose sums take
 * fewer share one, so that ten operating points of WIDER FACE val take 8 additions an image in the place of 21.
 *
 * @param columns Float64Array [images] each, whole numbers of at least 0.
 * @returns a function of how often each image was drawn (Uint32Array [images], as often together as there are images); it fills
 * the sum of each column into the Float64Array given. Exact up to 2^53.
 * Cost: O(images) for every three groups of columns, allocates nothing.
 */
export function drawnSums(columns: readonly Float64Array[]): (times: Uint32Array, sums: Float64Array) => void {
  const packed = packColumns(columns);
  const totals = new Float64Array(packed.length);
  return (times, sums) => {
    sumThreeByThree(packed, times, totals);
    packed.forEach(({ parts }, group) => {
      let rest = totals[group];
      for (let at = parts.length - 1; at >= 0; at--) {
        const { column, scale } = parts[at];
        const sum = Math.floor(rest / scale);
        sums[column] = sum;
        rest -= sum * scale;
      }
    });
  };
}

function packColumns(columns: readonly Float64Array[]): PackedColumns[] {
  const packed: PackedColumns[] = [];
  let parts: { column: number; scale: number }[] = [];
  let bits = 0;
  columns.forEach((values, column) => {
    const own = bitsOf(values.length * values.reduce((most, value) => Math.max(most, value), 0));
    const last = packed.at(-1);
    if (last === undefined || bits + own > 53) {
      parts = [{ column, scale: 1 }];
      bits = own;
      packed.push({ values: values.slice(), parts });
      return;
    }
    const scale = 2 ** bits;
    for (let image = 0; image < values.length; image++) last.values[image] += scale * values[image];
    parts.push({ column, scale });
    bits += own;
  });
  return packed;
}

/** Bits of whole numbers up to `most`. */
function bitsOf(most: number): number {
  let bits = 0;
  while (2 ** bits <= most) bits++;
  return bits;
}

/** Three at a time: how often an image was drawn is read once for all of them. */
function sumThreeByThree(packed: readonly PackedColumns[], times: Uint32Array, totals: Float64Array): void {
  const last = packed.length - 1;
  for (let first = 0; first <= last; first += 3) {
    const [a, b, c] = [0, 1, 2].map((next) => packed[Math.min(first + next, last)].values);
    let [sumA, sumB, sumC] = [0, 0, 0];
    for (let image = 0; image < times.length; image++) {
      const drawn = times[image];
      sumA += drawn * a[image];
      sumB += drawn * b[image];
      sumC += drawn * c[image];
    }
    totals[first] = sumA;
    if (first < last) totals[first + 1] = sumB;
    if (first + 1 < last) totals[first + 2] = sumC;
  }
}
