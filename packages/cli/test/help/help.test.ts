import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const workspace = path.resolve(import.meta.dirname, '../../../..');
const main = path.join(workspace, 'packages/cli/dist/main.js');
const run = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', cwd: '/' });

describe('retinabench help', () => {
  it('prints a guide as it stands, by its name or as an error names it', () => {
    const guide = readFileSync(path.join(workspace, 'docs/gates.md'), 'utf8');
    expect(run('help', 'gates')).toMatchObject({ status: 0, stdout: guide });
    expect(run('help', 'docs/gates.md').stdout).toBe(guide);
  });

  it('prints the flags of a verb, of whichever floor, as its own --help', () => {
    const { stdout } = run('help', 'wider', 'score');
    expect(stdout).toMatch(/^Usage: retinabench wider score/);
    expect(stdout).toBe(run('wider', 'score', '--help').stdout);
  });

  it('names the nearest where there is nothing of that name', () => {
    expect(run('help', 'anotations')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/got "anotations"; did you mean annotations\?; the guides are .*gates/),
    });
  });

  it('is named by an error whose message names a guide', () => {
    expect(run('gate', '--build', 'make')).toMatchObject({ status: 2 });
    expect(run('gate', '--build', 'make', '--latency', 'HEAD').stderr).toMatch(
      /docs\/gates\.md has an example \(retinabench help gates prints it\)/,
    );
  });

  it('takes --no-colour anywhere, in both spellings', () => {
    expect(run('--no-colour', 'help', 'gates').status).toBe(0);
    expect(run('help', 'gates', '--no-color').status).toBe(0);
  });
});
