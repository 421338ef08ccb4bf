/** Keys at the beginning of a JSON text, by what they are keys of. */
export interface JsonKeys {
  /** `[`: the text is a list; `{`: an object. */
  readonly kind: '[' | '{';
  /** Keys of the outermost object. */
  readonly top: ReadonlySet<string>;
  /** Keys of the objects that are elements: of the list that the text is, or of a list in the outermost object. */
  readonly elements: ReadonlySet<string>;
}

/**
 * The keys that the beginning of a JSON text shows; the text may be cut anywhere.
 *
 * @returns undefined if it begins as no list or object. Cost: O(text).
 */
export function jsonKeys(head: string): JsonKeys | undefined {
  const kind = head.trimStart()[0];
  if (kind !== '[' && kind !== '{') return undefined;
  const top = new Set<string>();
  const elements = new Set<string>();
  const tokens = /"((?:[^"\\]|\\.)*)"(\s*:)?|[[\]{}]/gs;
  let open = '';
  for (const [token, text, isKey] of head.matchAll(tokens)) {
    if (token === '[' || token === '{') open += token;
    else if (token === ']' || token === '}') open = open.slice(0, -1);
    else if (isKey === undefined) continue;
    else if (open === '{') top.add(text);
    else if (open === '[{' || open === '{[{') elements.add(text);
  }
  return { kind, top, elements };
}
