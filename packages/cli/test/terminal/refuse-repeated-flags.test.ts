import { Command, CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { refuseRepeatedFlags } from '../../src/terminal/refuse-repeated-flags.js';

/** The options of `verb` after `args`; what it would print is left out. */
function parse(...args: string[]): Record<string, unknown> {
  const quiet = { writeErr: () => undefined, writeOut: () => undefined };
  const program = new Command('program').exitOverride().configureOutput(quiet);
  const collect = (value: string, values: readonly string[]): string[] => [...values, value];
  const verb = program
    .command('verb')
    .option('--baseline <file>')
    .option('--limit <n>', '', Number)
    .option('--pred <dir>', '', collect, [])
    .option('--quiet')
    .option('--no-interval')
    .action(() => undefined);
  refuseRepeatedFlags(verb);
  program.parse(['verb', ...args], { from: 'user' });
  return verb.opts();
}

describe('refuseRepeatedFlags(command)', () => {
  it('leaves flags that are given once, switches, equal values and flags that gather values', () => {
    const args = [
      '--baseline',
      'a',
      '--baseline=a',
      '--limit',
      '3',
      '--pred',
      'x',
      '--pred',
      'y',
      '--quiet',
      '--quiet',
    ];
    expect(parse(...args, '--no-interval', '--no-interval')).toEqual({
      ...{ baseline: 'a', limit: 3, pred: ['x', 'y'], quiet: true, interval: false },
    });
  });

  it.each([
    [['--baseline', 'a', '--baseline', 'b'], /'--baseline <file>' is given twice, with "a" and "b"; keep one/],
    [['--limit', '3', '--limit=4'], /'--limit <n>' is given twice, with "3" and "4"/],
  ])('refuses %j', (args, message) => {
    expect(() => parse(...args)).toThrow(CommanderError);
    expect(() => parse(...args)).toThrow(message);
  });
});
