import { readFileSync } from 'node:fs';
import { closestName, ProtocolError, printable } from '@retinabench/core';
import type { Command } from 'commander';
import { helpTopics } from './topics.js';

/**
 * Print what the words ask for: the flags of a verb, or a guide as its Markdown; without words the verbs and the names of the guides.
 *
 * @throws {ProtocolError} if there is neither a verb nor a guide of that name, naming the nearest.
 */
export function printHelp(program: Command, words: readonly string[]): void {
  if (words.length === 0) {
    process.stdout.write(`${program.helpInformation()}\nGuides (retinabench help NAME): ${guides()}\n`);
    return;
  }
  let verb: Command | undefined = program;
  for (const word of words) verb = verb?.commands.find((command) => command.name() === word);
  if (verb !== undefined) {
    verb.outputHelp();
    return;
  }
  const asked = words
    .join(' ')
    .replace(/^docs\//, '')
    .replace(/\.md$/, '');
  const topics = helpTopics();
  const file = topics.get(asked) ?? topics.get(`tutorials/${asked}`);
  if (file === undefined) {
    const known = [...program.commands.map((command) => command.name()), ...topics.keys()];
    const near = closestName(asked, known);
    throw new ProtocolError(
      `help: expected a verb or a guide, got ${JSON.stringify(asked.slice(0, 60))}${near === undefined ? '' : `; did you mean ${near}?`}; the guides are ${guides()}`,
    );
  }
  process.stdout.write(printable(readFileSync(file, 'utf8')));
}

function guides(): string {
  return [...helpTopics().keys()].join(', ');
}
