/** Templates on the right that are scored together: 64 of 512 dimensions in float64 are 256 KiB and stay in the cache. */
const blockBytes = 1 << 18;

/**
 * The order in which pairs are scored: by block of the right template, within it by left template, within it as given.
 * The right templates of one block then stay in the second-level cache while all left templates pass, and the left
 * template of consecutive pairs stays in the first.
 *
 * @param left  Int32Array [pairs]: template indices below `templateCount`.
 * @param right Int32Array [pairs].
 * @param vectorBytes bytes of one template.
 * @param out   Uint32Array [pairs]: receives the pair indices.
 * @returns `out`.
 * Cost: two counting sorts, O(pairs + templates); 4 bytes a pair beside `out`.
 */
export function orderPairs(
  left: Int32Array,
  right: Int32Array,
  templateCount: number,
  vectorBytes: number,
  out: Uint32Array,
): Uint32Array {
  const perBlock = Math.max(4, Math.floor(blockBytes / vectorBytes));
  const count = left.length;
  const byLeft = new Uint32Array(count);
  const leftStarts = startsOf(templateCount, count, (pair) => left[pair]);
  for (let pair = 0; pair < count; pair++) byLeft[leftStarts[left[pair]]++] = pair;

  const blockOf = Uint32Array.from({ length: templateCount }, (_, template) => Math.floor(template / perBlock));
  const blockStarts = startsOf(Math.ceil(templateCount / perBlock), count, (pair) => blockOf[right[pair]]);
  for (let i = 0; i < count; i++) {
    const pair = byLeft[i];
    out[blockStarts[blockOf[right[pair]]]++] = pair;
  }
  return out;
}

/** Where each key starts in a list sorted by key. */
function startsOf(keys: number, count: number, keyOf: (pair: number) => number): Uint32Array {
  const starts = new Uint32Array(keys + 1);
  for (let pair = 0; pair < count; pair++) starts[keyOf(pair) + 1]++;
  for (let key = 1; key <= keys; key++) starts[key] += starts[key - 1];
  return starts;
}
