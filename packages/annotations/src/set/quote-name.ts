import { shortenText } from '@retinabench/core';

/** A name out of a file as a message quotes it: cut to what it has room for. */
export function quoteName(name: string): string {
  return shortenText(JSON.stringify(name.slice(0, 240)), 160);
}
