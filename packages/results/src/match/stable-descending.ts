const buckets = 2 ** 16;

/**
 * Indices by descending value, equal values (0 and -0 among them) in ascending order: a radix sort of the upper words, two
 * digits, least significant first; the few that agree in them are then sorted by the lower words.
 *
 * @param values Float64Array, none NaN, on a buffer of its own or at a multiple of 8 bytes.
 * @returns Int32Array [values].
 * Cost: O(values); 3 million take 0.2 s.
 */
export function stableDescending(values: Float64Array): Int32Array {
  const count = values.length;
  const { high, low } = descendingKeys(values);
  const halfway = new Int32Array(count);
  const halfwayKeys = new Uint32Array(count);
  const counts = new Int32Array(buckets);
  placeStarts(high, 0, counts);
  for (let index = 0; index < count; index++) {
    const to = counts[high[index] & (buckets - 1)]++;
    halfway[to] = index;
    halfwayKeys[to] = high[index];
  }
  const order = new Int32Array(count);
  placeStarts(high, 16, counts);
  for (let at = 0; at < count; at++) order[counts[halfwayKeys[at] >>> 16]++] = halfway[at];
  for (let from = 0; from < count; ) {
    let to = from + 1;
    let isSorted = true;
    for (; to < count && high[order[to]] === high[order[from]]; to++) {
      isSorted &&= low[order[to]] >= low[order[to - 1]];
    }
    if (!isSorted) order.subarray(from, to).sort((a, b) => low[a] - low[b] || a - b);
    from = to;
  }
  return order;
}

/** The words of keys that ascend where values descend: negative numbers descend in their bits, others are turned. */
function descendingKeys(values: Float64Array): { readonly high: Uint32Array; readonly low: Uint32Array } {
  const bits = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  const upper = new Uint8Array(Uint32Array.of(1).buffer)[0];
  const high = new Uint32Array(values.length);
  const low = new Uint32Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const isZero = values[index] === 0;
    const own = isZero ? 0 : bits[2 * index + upper];
    const lower = isZero ? 0 : bits[2 * index + 1 - upper];
    const isNegative = own >>> 31 === 1;
    high[index] = isNegative ? own : ~own & 0x7fff_ffff;
    low[index] = isNegative ? lower : ~lower;
  }
  return { high, low };
}

/** Where the keys of each digit begin in the order by that digit. */
function placeStarts(keys: Uint32Array, shift: number, starts: Int32Array): void {
  starts.fill(0);
  for (let index = 0; index < keys.length; index++) starts[(keys[index] >>> shift) & (buckets - 1)]++;
  let sum = 0;
  for (let digit = 0; digit < buckets; digit++) {
    const own = starts[digit];
    starts[digit] = sum;
    sum += own;
  }
}
