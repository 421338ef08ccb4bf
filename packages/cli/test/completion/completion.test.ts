import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const program = path.resolve(import.meta.dirname, '../../bin/retinabench.js');
const hasShell = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

/** What a shell's completion proposes for a line of which the last word is being typed. */
function complete(...words: string[]): string[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'completion', '--words', '--', ...words], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.split('\n').filter(Boolean);
}

describe('retinabench completion', () => {
  it('proposes verbs of every floor, flags that are not given yet, and choices', () => {
    expect(complete('wi')).toEqual(['wider']);
    expect(complete('wider', 'h')).toEqual(['hard']);
    expect(complete('gate', '--ba')).toEqual(['--baseline']);
    expect(complete('gate', '--baseline', 'x', '--ba')).toEqual([]);
    expect(complete('gate', '--missing-baseline', '')).toEqual(['accept', 'refuse']);
  });

  it('proposes models and backends, in a list at its last part', () => {
    expect(complete('wider', 'hard', '--backend', 'ort-node,ort-w')).toEqual(['ort-node,ort-wasm']);
    expect(complete('wider', 'hard', '--model', 'retinaface-rb')).toEqual(['retinaface-rb025']);
  });

  it('leaves files to the shell', () => {
    expect(complete('gate', '--baseline', '')).toEqual([]);
    expect(complete('detect', 'pho')).toEqual([]);
  });

  it.skipIf(!hasShell('bash'))(
    'works in bash, whose Tab asks the function with the words of the line (needs bash)',
    () => {
      const script = `source <("$0" completion bash)
      COMP_WORDS=("$0" wider score --or); COMP_CWORD=3; _retinabench; printf '%s\\n' "\${COMPREPLY[@]}"`;
      expect(spawnSync('bash', ['-c', script, program], { encoding: 'utf8' })).toMatchObject({
        status: 0,
        stdout: '--order\n',
      });
    },
  );

  it.skipIf(!hasShell('zsh'))('is a script that zsh takes (needs zsh)', () => {
    const { stdout } = spawnSync(process.execPath, [program, 'completion', 'zsh'], { encoding: 'utf8' });
    expect(spawnSync('zsh', ['-n', '-c', stdout], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  it.skipIf(!hasShell('fish'))('works in fish (needs fish)', () => {
    const script = `"${program}" completion fish | source; complete -C "retinabench wider h"`;
    expect(spawnSync('fish', ['-c', script], { encoding: 'utf8' }).status).toBe(0);
  });
});
