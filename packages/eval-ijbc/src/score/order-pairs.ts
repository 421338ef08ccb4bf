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
 * Cost: two counting sorts, O(pairs + templates); 6 bytes a pair beside `out`.
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
  const blocks = Math.ceil(templateCount / perBlock);
  const blockOf = new Uint32Array(templateCount);
  for (let template = 0; template < templateCount; template++) blockOf[template] = Math.floor(template / perBlock);
  const leftStarts = new Uint32Array(templateCount + 1);
  const blockStarts = new Uint32Array(blocks + 1);
  for (let pair = 0; pair < count; pair++) {
    leftStarts[left[pair] + 1]++;
    blockStarts[blockOf[right[pair]] + 1]++;
  }
  addUp(leftStarts);
  addUp(blockStarts);

  // The blocks move with their pairs, so that the second pass reads both in order.
  const byLeft = new Uint32Array(count);
  const blockByLeft = blocks <= 1 << 16 ? new Uint16Array(count) : new Uint32Array(count);
  for (let pair = 0; pair < count; pair++) {
    const to = leftStarts[left[pair]]++;
    byLeft[to] = pair;
    blockByLeft[to] = blockOf[right[pair]];
  }
  for (let i = 0; i < count; i++) out[blockStarts[blockByLeft[i]]++] = byLeft[i];
  return out;
}

/** Turn counts of keys, each one place behind its key, into where each key starts. */
function addUp(starts: Uint32Array): void {
  for (let key = 1; key < starts.length; key++) starts[key] += starts[key - 1];
}
