import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { contentDigest, protocolId } from '@retinabench/results';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitUntil } from '../../../../tools/tests/wait-until.js';

const main = path.resolve(import.meta.dirname, '../../dist/main.js');
const program = `"${process.execPath}" "${main}"`;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-verdict-'));
  for (const [name, hard] of [
    ['base', 0.74],
    ['worse', 0.7],
  ] as const) {
    const settings = { rules: 'python' };
    const record = {
      schemaVersion: 1,
      kind: 'wider',
      createdAt: '2026-01-02T03:04:05.000Z',
      dataset: { name: 'wider', images: 4, sha256: 'a'.repeat(64) },
      protocol: { id: protocolId(settings), ...settings },
      environment: { cpu: 'c', cores: 2, memoryBytes: 1, os: 'linux 6 x64', node: 'v20', packageVersions: {} },
      ap: { easy: 0.9, medium: 0.88, hard },
    };
    writeFileSync(
      path.join(folder, `${name}.json`),
      JSON.stringify({ ...record, contentSha256: contentDigest(record) }),
    );
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function bash(script: string) {
  return spawnSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8' });
}

describe.skipIf(process.platform === 'win32')('the exit code of a gate', () => {
  const gate = (record: string): string => `${program} gate --baseline base.json --record ${record}.json`;

  it('is the verdict where the reader of its output goes away, and the JUnit file is there', () => {
    expect(bash(`${gate('worse')} --junit gone.xml | true; exit \${PIPESTATUS[0]}`).status).toBe(1);
    expect(readFileSync(path.join(folder, 'gone.xml'), 'utf8')).toMatch(/<failure type="fail"/);
    expect(bash(`${gate('base')} --json | true; exit \${PIPESTATUS[0]}`).status).toBe(0);
    expect(bash(`${gate('worse')} >&- 2>&-`).status).toBe(1);
  });

  it.skipIf(!existsSync('/dev/full'))('is 3 instead of 0 where the output cannot be written, and stays 1', () => {
    const { status, stderr } = bash(`${gate('base')} > /dev/full`);
    expect([status, stderr]).toEqual([3, expect.stringMatching(/^retinabench: standard output cannot be written/)]);
    expect(bash(`${gate('worse')} > /dev/full`).status).toBe(1);
  });

  it('is 3 where the program itself cannot be loaded', () => {
    const { status, stderr } = bash(`ulimit -n 40; ${gate('base')}`);
    expect([status, stderr]).toEqual([
      3,
      expect.stringMatching(/cannot be loaded.*(too many open files|Cannot find).*ulimit/),
    ]);
  });
});

describe.skipIf(process.platform === 'win32')('gate --latency-command, interrupted', () => {
  it('ends with 130 long before the command would, and with it all that the command started', async () => {
    const pids = path.join(folder, 'pids');
    writeFileSync(path.join(folder, 'slow.sh'), `trap '' TERM; sleep 600 & echo $! $$ > "${pids}"; wait; sleep 600\n`);
    const command = 'bash slow.sh';
    const args = [main, 'gate', '--quiet', '--latency-command', command, '--against', command];
    const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const begun = (): string | false => existsSync(pids) && /^\d+ \d+\n$/.test(readFileSync(pids, 'utf8')) && 'begun';
    await waitUntil('the command', begun, { during: ended });
    child.kill('SIGINT');
    // The command sleeps for ten minutes twice.
    await waitUntil('the end of the gate', () => child.exitCode !== null || child.signalCode !== null);
    expect(await ended).toBe(130);
    await waitUntil(
      'the end of what the command started',
      () => !readFileSync(pids, 'utf8').trim().split(' ').some(lives),
    );
  });
});

function lives(pid: string): boolean {
  try {
    // A process that has ended and waits for its parent to notice is still there for kill(0).
    return process.kill(Number(pid), 0) && !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
