import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { quoteForShell } from '../../src/gate/latency/quote-for-shell.js';

describe.skipIf(process.platform === 'win32')('quoteForShell', () => {
  it('gives a shell the name as it is, whatever it holds', () => {
    const names = [
      'plain',
      'two words',
      '$(echo hacked)',
      '`echo hacked`',
      "it's",
      '"',
      '\\',
      '$HOME',
      '*',
      'é\n;true',
    ];
    const command = `printf '%s\\0' ${names.map((name) => quoteForShell(name)).join(' ')}`;
    expect(spawnSync('sh', ['-c', command], { encoding: 'utf8' }).stdout.split('\0').slice(0, -1)).toEqual(names);
  });
});
