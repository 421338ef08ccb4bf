/** Most characters of a value that a message quotes. */
const longestQuote = 60;

/**
 * A value out of a file as a message says it: text quoted, numbers as they are, lists and objects by their kind alone,
 * since they may be of any size and depth.
 */
export function describeJson(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return shortenText(typeof value === 'string' ? JSON.stringify(value.slice(0, 2 * longestQuote)) : String(value));
}

/** Text out of a file, cut to what a message has room for. */
export function shortenText(text: string, most: number = longestQuote): string {
  return text.length > most ? `${text.slice(0, most - 3)}...` : text;
}
