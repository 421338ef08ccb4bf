/**
 * Call `visit` with each line of a text and its number, counted from 1. Lines end in LF, CR LF or CR; what follows the last line
 * break is a line only if it is not empty.
 *
 * Cost: O(text).
 */
export function visitLines(text: string, visit: (line: string, number: number) => void): void {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  lines.forEach((line, index) => {
    visit(line, index + 1);
  });
}
