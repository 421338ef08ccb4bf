/** A line that is not empty, and its number from 1. */
export interface Line {
  readonly text: string;
  readonly where: string;
}

/** The lines of a text that are not empty, without blanks at their ends, whatever their ending. */
export function linesOf(text: string, place: string): Line[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line, at) => ({ text: line.trim(), where: `${place}:${at + 1}` }))
    .filter((line) => line.text !== '');
}

/** The words of a line. */
export function wordsOf({ text }: Line): string[] {
  return text.split(/\s+/);
}
