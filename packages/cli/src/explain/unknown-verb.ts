import type { Command } from 'commander';
import { helpTopics } from '../help/topics.js';
import { findCode } from './find-code.js';
import { findWord } from './find-word.js';

/** Most verbs that are named. */
const fewVerbs = 3;

/** What lists given to flags do, under the word that the guides have for it. */
const doneByFlags: ReadonlyMap<string, string> = new Map([
  ['matrix', 'retinabench eval, detect or wider all with lists, --model A,B --backend X,Y --scale S,T'],
]);

/**
 * Where a word leads that is no verb: flags that take a list, verbs below others of that name, flags, a guide, a word of records.
 *
 * @param program with all verbs loaded.
 * @returns undefined if it leads nowhere.
 */
export function unknownVerbHint(program: Command, word: string): string | undefined {
  const [below, flags]: [string[], string[]] = [[], []];
  visitVerbs(program, 'retinabench', (verb, name) => {
    if (verb.name() === word && name !== `retinabench ${word}`) below.push(name);
    if (verb.options.some(({ long }) => long === `--${word}`)) flags.push(`${name} --${word}`);
  });
  const topic = [word, `tutorials/${word}`].find((name) => helpTopics().has(name));
  const isWord = findWord(word).kind === 'found' || findCode(word).length > 0;
  const lists = doneByFlags.get(word);
  const leads = [
    ...(lists === undefined ? [] : [lists]),
    ...below.slice(0, fewVerbs),
    ...flags.slice(0, fewVerbs),
    ...(topic === undefined ? [] : [`the guide, retinabench help ${topic}`]),
    ...(isWord ? [`its meaning, retinabench explain ${word}`] : []),
  ];
  return leads.length === 0 ? undefined : `${word} is no verb by itself; there is ${leads.join('; ')}`;
}

function visitVerbs(parent: Command, name: string, visit: (verb: Command, name: string) => void): void {
  for (const verb of parent.commands) {
    const own = `${name} ${verb.name()}`;
    visit(verb, own);
    visitVerbs(verb, own, visit);
  }
}
