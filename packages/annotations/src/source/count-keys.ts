/**
 * The number of keys of all objects in a value: fewer than its text has colons outside strings if one has a key twice.
 *
 * Cost: O(size of the value).
 */
export function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) {
    if (typeof value[0] === 'number' && typeof value[value.length - 1] === 'number' && value.length < 16) {
      // Boxes and points, by far the most lists.
      let objects = false;
      for (const item of value) if (typeof item === 'object') objects = true;
      if (!objects) return 0;
    }
    let keys = 0;
    for (const item of value) keys += countKeys(item);
    return keys;
  }
  let keys = 0;
  const object = value as Record<string, unknown>;
  for (const key in object) {
    keys++;
    const item = object[key];
    if (typeof item === 'object') keys += countKeys(item);
  }
  return keys;
}
