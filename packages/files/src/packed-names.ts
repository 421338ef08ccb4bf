/** Between names: no name of a file contains it. */
const separator = '\0';

/** Names of a block: together they stay far below the longest string. */
const namesOfBlock = 1 << 16;

/** Half of a surrogate pair alone: UTF-8 cannot hold it. */
const loneSurrogate = /[\ud800-\udfff]/u;

/** Names in UTF-8, in blocks; undefined if one cannot be given back. */
export function joinNames(names: readonly string[]): Uint8Array[] | undefined {
  const blocks: Uint8Array[] = [];
  for (let start = 0; start < names.length; start += namesOfBlock) {
    const block = names.slice(start, start + namesOfBlock);
    const text = block.join(separator);
    if (loneSurrogate.test(text) || block.some((name) => name.includes(separator))) return undefined;
    blocks.push(Buffer.from(text));
  }
  return blocks;
}

/** The names that `joinNames` wrote. */
export function splitNames(blocks: readonly Uint8Array[]): string[] {
  return blocks.flatMap((block) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(block).split(separator));
}
