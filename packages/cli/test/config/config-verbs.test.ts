import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { applyConfig } from '../../dist/config/apply-config.js';
import { configVerbs } from '../../dist/config/config-verbs.js';
import { buildProgram } from '../../dist/program.js';

const root = mkdtempSync(path.join(os.tmpdir(), 'config-verbs-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const usualFlags = {
  data: '--data',
  models: '--model',
  backends: '--backend',
  scales: '--scale',
  workers: '--workers',
  threads: '--threads',
  minScore: '--min-score',
  gates: '--config',
  baseline: '--baseline',
} as const;

async function commandOf(words: string): Promise<Command> {
  const names = words.split(' ');
  let command: Command | undefined = await buildProgram(names);
  for (const name of names) command = command?.commands.find((own) => own.name() === name);
  if (command === undefined) throw new Error(`no verb ${words}`);
  return command;
}

describe('what verbs take from the configuration', () => {
  test.each(Object.keys(configVerbs))('%s has a flag for each of its keys, and --no-config', async (words) => {
    const { keys, flags = {} } = configVerbs[words];
    const { options } = await commandOf(words);
    const names = options.map(({ long }) => long);
    for (const key of keys) {
      const own = flags[key];
      expect(names).toContain(own === undefined ? usualFlags[key as keyof typeof usualFlags] : `--${own}`);
    }
    expect(names).toContain('--config');
    if (words !== 'gate') expect(names).toContain('--no-config');
  });

  test('each value is what the flag itself gives: lists where it takes lists, numbers where it counts', async () => {
    const file = path.join(root, 'lists.json');
    writeFileSync(
      file,
      '{ "models": ["face-api-tiny", "yunet-n"], "backends": ["ort-wasm"], "threads": 2, "workers": 1 }',
    );
    const command = await commandOf('bench');
    command.setOptionValueWithSource('config', file, 'cli');
    command.setOptionValueWithSource('quiet', true, 'cli');
    command.setOptionValueWithSource('throughput', true, 'cli');
    const argv = [...process.argv];
    await applyConfig(command);
    process.argv = argv;
    expect(command.opts()).toMatchObject({
      model: ['face-api-tiny', 'yunet-n'],
      backend: ['ort-wasm'],
      threads: [2],
      workers: [1],
    });
  });

  test('workers are left out of bench where they would not be read: without --throughput, and with --queue', async () => {
    const file = path.join(root, 'workers.json');
    writeFileSync(file, '{ "workers": 3 }');
    const workersOf = async (given: Record<string, unknown>): Promise<unknown> => {
      const command = await commandOf('bench');
      for (const [flag, value] of Object.entries({ config: file, quiet: true, ...given })) {
        command.setOptionValueWithSource(flag, value, 'cli');
      }
      const argv = [...process.argv];
      await applyConfig(command);
      process.argv = argv;
      return command.opts().workers;
    };
    expect(await workersOf({ throughput: true })).toEqual([3]);
    expect(await workersOf({})).toBeUndefined();
    expect(await workersOf({ scenario: 'stream' })).toBeUndefined();
    expect(await workersOf({ throughput: true, queue: 'redis://localhost' })).toBeUndefined();
  });

  test('data is left out of wider score beside --gt, and of ijbc verify where its folder holds no meta', async () => {
    const file = path.join(root, 'data.json');
    mkdirSync(path.join(root, 'faces'));
    mkdirSync(path.join(root, 'templates/meta'), { recursive: true });
    const dataOf = async (words: string, data: string, given: Record<string, string> = {}): Promise<unknown> => {
      writeFileSync(file, JSON.stringify({ data }));
      const command = await commandOf(words);
      for (const [flag, value] of Object.entries({ config: file, quiet: true, ...given })) {
        command.setOptionValueWithSource(flag, value, 'cli');
      }
      const argv = [...process.argv];
      await applyConfig(command);
      process.argv = argv;
      const value = command.opts().data;
      return typeof value === 'string' ? path.resolve(value) : value;
    };
    expect(await dataOf('wider score', 'faces')).toBe(path.join(root, 'faces'));
    expect(await dataOf('wider score', 'faces', { gt: 'elsewhere' })).toBeUndefined();
    expect(await dataOf('ijbc verify', 'faces')).toBeUndefined();
    expect(await dataOf('ijbc verify', 'templates')).toBe(path.join(root, 'templates'));
  });

  test('several of what a command takes one of are refused by the flag that chooses', () => {
    const folder = path.join(root, 'several');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'retinabench.json'), '{ "models": ["face-api-tiny", "yunet-n"] }');
    const { status, stderr } = spawnSync(
      process.execPath,
      [path.resolve(import.meta.dirname, '../../dist/main.js'), 'parity', '--limit', '1'],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(status).toBe(2);
    expect(stderr).toMatch(/retinabench\.json: models: parity takes one, got 2; name it with --model/);
  });
});
