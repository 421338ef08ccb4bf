import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { compilerSettings } from '../../src/wider/compile-less.js';

test('compilerSettings leaves several processors and other versions of V8 as they are', () => {
  expect(compilerSettings('11.3.244.8-node.33', 1)).toHaveLength(2);
  expect(compilerSettings('11.3.244.8-node.33', 2)).toEqual([]);
  expect(compilerSettings('12.4.254.21-node.27', 1)).toEqual([]);
  expect(compilerSettings('110.0', 1)).toEqual([]);
});

test.runIf(process.versions.v8.startsWith('11.'))(
  'compilerSettings raises the budget and lowers the limit that V8 has',
  () => {
    const options = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
    const stated = compilerSettings(process.versions.v8, 1).map((setting) => {
      const [name, value] = setting.split('=');
      const standard = new RegExp(`default: ${name}=(\\d+)`).exec(options)?.[1];
      return { name, standard, changed: Math.sign(Number(value) - Number(standard)) };
    });
    expect(stated).toEqual([
      { name: '--interrupt-budget', standard: '67584', changed: 1 },
      { name: '--max-inlined-bytecode-size-cumulative', standard: '920', changed: -1 },
    ]);
  },
);
