/** Control characters but line feed and tab, and the marks that turn the direction of text. */
const unsafe = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text as it may go to a terminal: names out of files can hold escape sequences that move the cursor, set the title or
 * hide what follows, so control characters are shown as `\u001b`.
 */
export function printable(text: string): string {
  return text.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
