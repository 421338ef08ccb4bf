import { ProtocolError } from '@retinabench/core';
import type { Command } from 'commander';
import { addOutputFlags, type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printResult } from '../terminal/output.js';
import { allWords, findWord } from './find-word.js';
import type { Word } from './word.js';

/** Register `retinabench explain`. */
export function registerExplain(program: Command): void {
  const command = program
    .command('explain')
    .argument('[word...]', 'as a record, a table or a flag has it; none: all words');
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  retinabench explain found
  retinabench explain nmsIou ap.hard
  retinabench explain not told apart`,
    )
    .action(runExplain);
}

function runExplain(asked: readonly string[], flags: OutputFlags): void {
  const output = outputOf(flags);
  const words = asked.length === 0 ? allWords : wordsOf(asked);
  printJson(output, words);
  printResult(output, words.map(inWords).join('\n\n'));
}

/** Several arguments are one phrase where that is known, else a word each. */
function wordsOf(asked: readonly string[]): Word[] {
  const phrase = findWord(asked.join(' '));
  if (phrase.kind === 'found') return [...phrase.words];
  const found = asked.flatMap((word) => {
    const known = findWord(word);
    if (known.kind === 'unknown') {
      throw new ProtocolError(
        `explain: ${JSON.stringify(word)} is no word of a record, a table or a protocol; nearest: ${known.nearest.join(', ')}`,
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
