import { ProtocolError } from '@retinabench/core';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printResult } from '../terminal/output.js';
import { findCode } from './find-code.js';
import { allWords, findWord } from './find-word.js';
import type { Word } from './word.js';

/**
 * Print what words mean; all of them if none is asked for.
 *
 * @throws {ProtocolError} if a word is not known, with the nearest.
 */
export async function runExplain(asked: readonly string[], flags: OutputFlags): Promise<void> {
  const output = outputOf(flags);
  const words = asked.length === 0 ? allWords : wordsOf(asked);
  printJson(output, words);
  printResult(output, words.map(inWords).join('\n\n'));
}

/** Several arguments are one phrase where that is known, else a word each. */
function wordsOf(asked: readonly string[]): Word[] {
  const phrase = findWord(asked.join(' '));
  const coded = asked.length === 1 ? findCode(asked[0]) : [];
  if (coded.length > 0) return [...(phrase.kind === 'found' ? phrase.words : []), ...coded];
  if (phrase.kind === 'found') return [...phrase.words];
  const found = asked.flatMap((word) => {
    const coded = findCode(word);
    if (coded.length > 0) return coded;
    const known = findWord(word);
    if (known.kind === 'unknown') {
      throw new ProtocolError(
        `explain: ${JSON.stringify(word)} is no word of a record, a table or a protocol, and no code of a finding; nearest: ${known.nearest.join(', ')}`,
      );
    }
    return known.words;
  });
  return [...new Set(found)];
}

function inWords({ word, also, meaning, docs }: Word): string {
  const names = also === undefined ? word : `${word} (${also.join(', ')})`;
  return `${names}\n  ${meaning}\n  more: ${docs}`;
}
