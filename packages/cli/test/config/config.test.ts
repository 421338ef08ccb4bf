import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseGateConfig } from '@retinabench/report';
import { parseRecord } from '@retinabench/results';
import { afterAll, describe, expect, test } from 'vitest';

const program = path.resolve(import.meta.dirname, '../../dist/main.js');
const root = mkdtempSync(path.join(os.tmpdir(), 'config-runs-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let made = 0;
const newFolder = (): string => {
  const folder = path.join(root, `project-${++made}`);
  mkdirSync(folder);
  return folder;
};

function run(cwd: string, args: readonly string[], { input = '', env = {} }: { input?: string; env?: object } = {}) {
  return spawnSync(process.execPath, [program, ...args], {
    cwd,
    input,
    env: { ...process.env, RETINABENCH_CACHE: path.join(root, 'cache'), RETINABENCH_DATA: '', ...env },
    encoding: 'utf8',
  });
}

describe('the configuration of a folder', () => {
  test('fills the flags left out, says so once, and stands in the record as flags; a flag overrides it', () => {
    const folder = newFolder();
    writeFileSync(
      path.join(folder, 'retinabench.json'),
      '{ "models": ["face-api-tiny"], "scales": ["long:128"], "workers": 1 }',
    );
    const { status, stderr } = run(folder, ['wider', 'hard', '--limit', '1', '--out', 'a.json', '--no-interval']);
    expect(status).toBe(0);
    expect(stderr.match(/retinabench\.json: --model face-api-tiny --scale long:128 --workers 1/g)).toHaveLength(1);
    const record = parseRecord(readFileSync(path.join(folder, 'a.json'), 'utf8'), 'a.json');
    expect(record.model?.id).toBe('face-api-tiny');
    expect(record.protocol.scale).toBe('long:128');
    expect(record.command).toBe(
      'npx retinabench wider hard --model face-api-tiny --scale long:128 --workers 1 --limit 1 --out a.json --no-interval',
    );
    const other = run(folder, [
      'wider',
      'hard',
      '--limit',
      '1',
      '--out',
      'b.json',
      '--no-interval',
      '--scale',
      'long:160',
    ]);
    expect(other.stderr).toMatch(/retinabench\.json: --model face-api-tiny --workers 1 \(a flag overrides it/);
    const overridden = parseRecord(readFileSync(path.join(folder, 'b.json'), 'utf8'), 'b.json');
    expect([overridden.model?.id, overridden.protocol.scale]).toEqual(['face-api-tiny', 'long:160']);
  });

  test('stands below the environment, and its paths are relative to the file', () => {
    const folder = newFolder();
    mkdirSync(path.join(folder, 'conf'));
    writeFileSync(path.join(folder, 'conf/team.json'), '{ "data": "../gone" }');
    const args = ['wider', 'hard', '--config', 'conf/team.json', '--limit', '1'];
    expect(run(folder, args).stderr).toMatch(/conf\/team\.json: --data gone .*\n.*gone: /s);
    const byEnvironment = run(folder, args, { env: { RETINABENCH_DATA: path.join(folder, 'elsewhere') } });
    expect(byEnvironment.stderr).toMatch(/elsewhere: /);
    expect(byEnvironment.stderr).not.toMatch(/team\.json/);
    // eval reads no variable, so that one which is set must not take the place of the configuration.
    const evaluated = run(folder, ['eval', '--config', 'conf/team.json'], { env: { RETINABENCH_DATA: 'elsewhere' } });
    expect(evaluated.stderr).toMatch(/conf\/team\.json: --data gone .*\n.*gone: /s);
    expect(evaluated.stderr).not.toMatch(/eval needs --data/);
  });

  test('is left out by a flag that the note names alone where the verb has it', () => {
    const folder = newFolder();
    writeFileSync(path.join(folder, 'retinabench.json'), '{ "data": "gone", "baseline": "gone.json" }');
    expect(run(folder, ['gate', '--record', 'r.json']).stderr).toContain(
      'retinabench.json: --baseline gone.json (a flag overrides it)\n',
    );
    expect(run(folder, ['wider', 'merge', 'runs']).stderr).toContain(
      'retinabench.json: --data gone (a flag overrides it; --no-config leaves it out)\n',
    );
  });

  test('several models are a list for a verb that takes one, and are refused by one that does not; unknown keys are refused', () => {
    const folder = newFolder();
    writeFileSync(path.join(folder, 'retinabench.json'), '{ "models": ["face-api-tiny", "face-api-ssd-mobilenetv1"] }');
    const { status, stderr } = run(folder, ['wider', 'predict', '--pred', 'p', '--limit', '1']);
    expect([status, existsSync(path.join(folder, 'p'))]).toEqual([2, false]);
    expect(stderr).toMatch(/retinabench\.json: models: wider predict takes one, got 2; name it with --model/);
    writeFileSync(path.join(folder, 'retinabench.json'), '{ "model": "a" }');
    expect(run(folder, ['wider', 'hard']).stderr).toMatch(/got "model"; did you mean models\?/);
    expect(run(folder, ['wider', 'hard', '--limit', '1', '--no-config', '--no-interval']).status).toBe(0);
  });
});

describe('init', () => {
  const files = ['.github', 'gates.json', 'retinabench.json'];

  test('--yes writes files that its own commands take, from flags alone', () => {
    const folder = newFolder();
    const flags = ['--model', 'face-api-tiny', '--scale', 'long:128,160', '--max-drop', '0.5'];
    const { status, stdout } = run(folder, ['init', '--yes', ...flags]);
    expect(status).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(files);
    const config = JSON.parse(readFileSync(path.join(folder, 'retinabench.json'), 'utf8'));
    expect(config).toMatchObject({ models: ['face-api-tiny'], scales: ['long:128', 'long:160'], gates: 'gates.json' });
    const { rules } = parseGateConfig(readFileSync(path.join(folder, 'gates.json'), 'utf8'), 'gates.json');
    // 0.5 points are 0.005 of AP.
    expect(rules.map(({ key, options }) => [key, options])).toEqual(
      ['easy', 'medium', 'hard'].map((split) => [`ap.${split}`, { maxDrop: 0.005 }]),
    );
    // One scale, so that --out is a record that the gate takes.
    writeFileSync(path.join(folder, 'retinabench.json'), JSON.stringify({ ...config, scales: ['long:128'] }));
    const commands = stdout.split('\n').filter((line) => line.startsWith('  npx retinabench '));
    expect(commands).toHaveLength(3);
    for (const command of commands) {
      const args = command.trim().replaceAll("'", '').split(' ').slice(2);
      if (args.includes('all')) args.push('--limit', '2');
      const words = args.join(' ').replace('the first', 'the-first').split(' ');
      expect(run(folder, words)).toMatchObject({ status: 0 });
    }
  });

  test('asks five questions; Enter takes what stands in brackets', () => {
    const folder = newFolder();
    const { status, stderr } = run(folder, ['init'], { input: '\nface-api-tiny\nlong:128\n\nno\n' });
    expect(stderr.match(/\?/g)).toHaveLength(5);
    expect(status).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['gates.json', 'retinabench.json']);
    expect(JSON.parse(readFileSync(path.join(folder, 'retinabench.json'), 'utf8')).scales).toEqual(['long:128']);
  });

  test.each([
    ['a file that is there', 'gates.json', /gates\.json: is there already, and init overwrites nothing/],
    ['a workflow that is there', '.github/workflows/retinabench.yml', /retinabench\.yml: is there already/],
  ])('%s is left as it is', (_, name, message) => {
    const folder = newFolder();
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), 'mine');
    const { status, stderr } = run(folder, ['init', '--yes']);
    expect(stderr).toMatch(message);
    expect([status, readFileSync(path.join(folder, name), 'utf8')]).toEqual([2, 'mine']);
    expect(existsSync(path.join(folder, 'retinabench.json'))).toBe(false);
  });

  test('writes nothing for a model or a folder that is not there, or where nobody answers', () => {
    const folder = newFolder();
    expect(run(folder, ['init', '--yes', '--model', 'no-such-model']).stderr).toMatch(/no-such-model/);
    expect(run(folder, ['init', '--yes', '--data', 'gone']).stderr).toMatch(/gone: expected the root of a data set/);
    expect(run(folder, ['init']).stderr).toMatch(/got the end of standard input; add --yes to ask nothing/);
    expect(readdirSync(folder)).toEqual([]);
  });
});
