/**
 * A copy of a text with memory of its own. A part of a longer text keeps all of that in memory as long as it lives: names out of
 * a file that is read in parts would keep the file.
 *
 * Cost: O(length).
 */
export function ownText(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
