import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { buildProgram } from '../src/program.js';

/** The help of `command`, and of every command below it that has verbs, by their names. */
function helps(command: Command): Record<string, string> {
  const groups = command.commands.filter(({ commands }) => commands.length > 0);
  return Object.assign({ [command.name()]: command.helpInformation() }, ...groups.map(helps));
}

test('help from the tables of verbs is the help of the verbs themselves, on every floor', async () => {
  const whole = helps(await buildProgram());
  const groups = Object.keys(whole).filter((name) => name !== 'retinabench');
  expect(groups).toEqual(expect.arrayContaining(['wider', 'ijbc', 'models', 'datasets']));
  expect((await buildProgram([])).helpInformation()).toBe(whole.retinabench);
  for (const name of groups) {
    const program = await buildProgram([name, '--help']);
    expect(program.helpInformation()).toBe(whole.retinabench);
    const group = program.commands.find((command) => command.name() === name);
    expect(group?.helpInformation()).toBe(whole[name]);
  }
});

test('a verb is loaded with its flags wherever the command line names it', async () => {
  for (const args of [
    ['wider', 'score', '--pred', 'gate'],
    ['help', 'wider', 'score'],
    ['wider', 'help', 'score'],
    ['--', 'wider', 'score'],
  ]) {
    const program = await buildProgram(args);
    const wider = program.commands.find((command) => command.name() === 'wider');
    const score = wider?.commands.find((command) => command.name() === 'score');
    expect(score?.options.map(({ long }) => long)).toContain('--pred');
    const gate = program.commands.find((command) => command.name() === 'gate');
    expect(gate?.options.map(({ long }) => long)).not.toContain('--latency');
  }
});
