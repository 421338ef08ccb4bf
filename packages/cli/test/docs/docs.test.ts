import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../../tools/tests/free-port.js';
import { waitUntil } from '../../../../tools/tests/wait-until.js';
import { commandsOf, type DocumentedCommand, documentedCommands } from './documented-commands.js';
import { type HowToRun, howToRun } from './how-to-run.js';
import { makeReaderWorkspace, type ReaderWorkspace } from './reader-workspace.js';

const workspace = path.resolve(import.meta.dirname, '../../../..');
const program = path.join(workspace, 'packages/cli/bin/retinabench.js');
const sharedFolder = path.resolve(workspace, process.env.RETINABENCH_SHARED ?? '../shared');
const shared = existsSync(sharedFolder) ? sharedFolder : undefined;
const all = process.env.RETINABENCH_DOCS === 'all';
const targets = nxTargets();

describe('documentedCommands', () => {
  it('finds commands in blocks and in backticks, joins continued lines and drops comments', () => {
    const markdown = [
      'Say `npx retinabench doctor` or `npm`.',
      '',
      '    npx nx run a:b --c=d   # why',
      '    const x = 1;',
      '```',
      'RETINABENCH_X=1 npx retinabench wider hard \\',
      '    --limit 2',
      '```',
      'npx in prose',
    ].join('\n');
    expect(commandsOf('a.md', markdown)).toEqual([
      { file: 'a.md', line: 1, text: 'npx retinabench doctor' },
      { file: 'a.md', line: 3, text: 'npx nx run a:b --c=d' },
      { file: 'a.md', line: 6, text: 'RETINABENCH_X=1 npx retinabench wider hard --limit 2' },
    ]);
  });
});

describe('the program that npm links', () => {
  it('is there before anything is built, so that a fresh clone has npx retinabench', () => {
    const { bin } = JSON.parse(readFileSync(path.join(workspace, 'packages/cli/package.json'), 'utf8')) as {
      bin: { retinabench: string };
    };
    expect(bin.retinabench).not.toMatch(/dist/);
    expect(statSync(path.join(workspace, 'packages/cli', bin.retinabench)).mode & 0o111).toBe(0o111);
  });
});

describe('the commands of the documentation', () => {
  let root: string;
  let reader: ReaderWorkspace;
  const commands = documentedCommands(workspace);

  beforeAll(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'retinabench-docs-'));
    reader = makeReaderWorkspace(workspace, root, shared);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  for (const command of commands) {
    const how = howToRun.find(({ pattern }) => pattern.test(command.text));
    const skipped = reasonToSkip(command, how);
    const note = skipped ?? how?.because;
    it(`${command.file}:${command.line}: ${command.text}${note === undefined ? '' : ` (${note})`}`, (context) => {
      if (skipped !== undefined) context.skip(skipped);
      return check(command, how, reader);
    });
  }

  it('README.md: the ten lines find faces in a photograph', () => {
    const example = readFileSync(path.join(workspace, 'README.md'), 'utf8').match(/```ts\n([\s\S]*?)```/)?.[1] ?? '';
    const code = example.replaceAll('photograph.jpg', path.join(reader.folder, 'face.jpg'));
    const result = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      cwd: path.join(workspace, 'packages/cli'),
      env: reader.env,
      encoding: 'utf8',
    });
    expect(result.stderr).toBe('');
    // A score above the floor of 0.5, and the corners of its box.
    expect(result.stdout).toMatch(/^0\.[5-9]\d* Float32Array\(4\) \[/);
  });

  it('has no rule for a command that is gone', () => {
    const unused = howToRun.filter(({ pattern }) => !commands.some(({ text }) => pattern.test(text)));
    expect(unused.map(({ pattern }) => pattern.source)).toEqual([]);
  });
});

function reasonToSkip({ text }: DocumentedCommand, how: HowToRun | undefined): string | undefined {
  if (how?.never) return how.because;
  if (how?.long && !all) return 'documented commands that take minutes: run with RETINABENCH_DOCS=all';
  if (how?.ranBy !== undefined || how?.serves !== undefined) return undefined;
  const needsShared = /shared|retinaface|yunet|baselines|results|runs|IJBC|scores\.npy|name\.onnx/.test(text);
  return needsShared && shared === undefined ? 'needs the shared data folder' : undefined;
}

async function check(
  command: DocumentedCommand,
  how: HowToRun | undefined,
  { folder, env }: ReaderWorkspace,
): Promise<void> {
  if (how?.ranBy !== undefined) {
    expect(readFileSync(path.join(workspace, how.ranBy.file), 'utf8')).toContain(how.ranBy.text);
    return;
  }
  const bounded = (how?.replace ?? []).reduce((text, [what, by]) => text.replace(what, by), command.text);
  const { shell, cwd } = asInstalled(bounded, how?.inWorkspace ? workspace : folder);
  if (how?.serves !== undefined) {
    await expectToServe(shell, cwd);
    return;
  }
  const result = spawnSync('bash', ['-c', shell], { cwd, env, encoding: 'utf8' });
  const output = `${result.stdout}${result.stderr}`;
  expect(result.status, `${shell}\n${output}`).toBe(how?.exit ?? 0);
  if (how?.prints !== undefined) expect(output).toMatch(how.prints);
}

/**
 * The command as the reader's shell runs it: `npx retinabench` and the Nx targets that stand for it run in the reader's
 * folder, everything else in the workspace.
 */
function asInstalled(text: string, folder: string): { shell: string; cwd: string } {
  const target = text.match(/npx nx run (\S+)/)?.[1];
  if (target !== undefined) expect([...targets.keys()]).toContain(target);
  const verb = targets.get(target ?? '')?.match(/^retinabench (.*)$/)?.[1];
  const own = `"${process.execPath}" "${program}"`;
  if (verb !== undefined) return { shell: text.replace(/npx nx run \S+(?: --(?= ))?/, `${own} ${verb}`), cwd: folder };
  if (/npx retinabench/.test(text)) return { shell: text.replace('npx retinabench', own), cwd: folder };
  return { shell: text, cwd: workspace };
}

/** `project:target` and its command, of every package. */
function nxTargets(): Map<string, string> {
  const found = new Map<string, string>();
  const folders = ['packages', 'examples'].flatMap((parent) =>
    readdirSync(path.join(workspace, parent)).map((name) => path.join(parent, name)),
  );
  for (const folder of [...folders, 'datasets']) {
    const { nx } = JSON.parse(readFileSync(path.join(workspace, folder, 'package.json'), 'utf8')) as {
      nx: { name: string; targets: Record<string, { command: string }> };
    };
    for (const [name, { command }] of Object.entries(nx.targets)) found.set(`${nx.name}:${name}`, command);
  }
  return found;
}

async function expectToServe(command: string, cwd: string): Promise<void> {
  const port = await freePort();
  const [shell, url] = [`${command} --port=${port}`, `http://127.0.0.1:${port}/`];
  const child = spawn('bash', ['-c', shell], { cwd, detached: true, stdio: 'pipe' });
  const ended = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  try {
    const answers = async (): Promise<boolean> => (await fetch(url).catch(() => undefined))?.ok === true;
    // It builds first.
    const patience = { withinMs: 500_000, everyMs: 100, during: ended, said: () => output };
    await waitUntil(`an answer from ${url} of ${shell}`, answers, patience);
  } finally {
    if (child.pid !== undefined && child.exitCode === null) {
      // Nx ends what it runs, which is in no group of its own, if it is asked to.
      process.kill(-child.pid, 'SIGTERM');
      await Promise.race([ended, delay(10_000)]);
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGKILL');
    }
  }
}
