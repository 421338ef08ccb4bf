import { readFileSync } from 'node:fs';
import { helpTopics } from '../help/topics.js';
import type { Word } from './word.js';

/** What codes of several words look like; a single word is a code only in a table of codes. */
const severalWords = /^[a-z0-9]+(?:-[a-z0-9]+)+$/;

/** A row of a guide's table that begins with words in the type of code. */
interface GuideRow {
  readonly codes: readonly string[];
  /** Whether the table says that its first column is codes. */
  readonly isOfCodes: boolean;
  readonly meaning: string;
  readonly docs: string;
}

let read: readonly GuideRow[] | undefined;

/**
 * The rows of the guides' tables that say what a code means which the program prints before a finding, such as `box-size`: a row
 * whose first cell is the code, its other cells under their headers.
 *
 * @param asked the code, with or without the colon that stands behind it.
 * @returns none if no table has it. Cost: a read of all guides, once.
 */
export function findCode(asked: string): Word[] {
  const code = asked.replace(/:$/, '');
  read ??= [...helpTopics()].flatMap(([topic, file]) => rowsOf(readFileSync(file, 'utf8'), `docs/${topic}.md`));
  return read
    .filter(({ codes, isOfCodes }) => codes.includes(code) && (isOfCodes || severalWords.test(code)))
    .map(({ meaning, docs }) => ({ word: code, meaning, docs }));
}

function rowsOf(guide: string, docs: string): GuideRow[] {
  let header: readonly string[] = [];
  return guide.split('\n').flatMap((line, index, lines) => {
    if (/^\|[-|: ]+\|$/.test(line)) header = cellsOf(lines[index - 1] ?? '');
    const [first, ...others] = cellsOf(line);
    const codes = [...(first ?? '').matchAll(/`([^`]+)`/g)].map(([, code]) => code);
    if (codes.length === 0) return [];
    const said = others.flatMap((cell, at) => (cell === '' ? [] : [`${header[at + 1] ?? ''}: ${cell}`]));
    return [{ codes, isOfCodes: header[0] === 'code' || header[0] === 'finding', meaning: said.join('\n  '), docs }];
  });
}

/** The cells of a row of a table; none of other lines. */
function cellsOf(line: string): string[] {
  if (!line.startsWith('|')) return [];
  const cells = line
    .trim()
    .replace(/^\|/, '')
    .replace(/\|$/, '')
    .split(/(?<!\\)\|/);
  return cells.map((cell) => cell.trim().replaceAll('\\|', '|'));
}
