/** The offset in bytes of a parser error in a text, where the message gives one. */
export function placeIn(text: string, message: string): number | undefined {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return new TextEncoder().encode(text.slice(0, Number(position))).length;
  const line = /again in line (\d+)/.exec(message)?.[1];
  if (line === undefined) return undefined;
  const before = text.split('\n').slice(0, Number(line) - 1);
  return new TextEncoder().encode(before.map((part) => `${part}\n`).join('')).length;
}
