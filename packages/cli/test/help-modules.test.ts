import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { afterAll, expect, test } from 'vitest';
import { buildProgram } from '../dist/program.js';

const root = mkdtempSync(path.join(os.tmpdir(), 'help-modules-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const program = path.resolve(import.meta.dirname, '../dist/main.js');
const repository = path.resolve(import.meta.dirname, '../../..');

// Writes the address of every module that is loaded, those of CommonJS packages included.
const hooks = path.join(root, 'hooks.mjs');
writeFileSync(
  hooks,
  `import { appendFileSync } from 'node:fs';
export async function load(url, context, next) {
  appendFileSync(process.env.LOADED_MODULES, url + '\\n');
  return next(url, context);
}`,
);
const register = path.join(root, 'register.mjs');
writeFileSync(
  register,
  `import { register } from 'node:module'; register(${JSON.stringify(pathToFileURL(hooks).href)});`,
);

function leaves(command: Command, words: readonly string[] = []): string[][] {
  if (command.commands.length === 0) return [[...words]];
  return command.commands.flatMap((own) => leaves(own, [...words, own.name()]));
}

/** The modules that a command loads, and how it ended. */
function load(words: readonly string[]): { status: number | null; stdout: string; files: string[] } {
  const list = path.join(root, 'loaded.txt');
  writeFileSync(list, '');
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--import', pathToFileURL(register).href, program, ...words],
    {
      env: { ...process.env, LOADED_MODULES: list },
      encoding: 'utf8',
      cwd: root,
    },
  );
  const urls = readFileSync(list, 'utf8')
    .split('\n')
    .filter((url) => url.startsWith('file:'));
  return { status, stdout, files: urls.map((url) => path.relative(repository, fileURLToPath(url))) };
}

function loadedByHelp(words: readonly string[]): string[] {
  const { status, stdout, files } = load([...words, '--help']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Usage: retinabench /);
  return files;
}

// Entries of packages that read, compute or draw; `core`, which is small, and the settings of packages are not among them.
const heavy = /^(?:datasets|packages\/(?!cli\/|core\/)[^/]+)\/dist\/index\.js$|^node_modules\/(?!commander\/)/;

test('the help of a verb loads its flags: no index of a package but core, and no package of others but commander', async () => {
  const verbs = leaves(await buildProgram());
  expect(verbs.length).toBeGreaterThan(30);
  const loaded = verbs.flatMap((words) => {
    const files = loadedByHelp(words).filter((file) => heavy.test(file));
    return files.length === 0 ? [] : [`${words.join(' ')}: ${files.slice(0, 3).join(', ')}`];
  });
  expect(loaded).toEqual([]);
});

test('wider score loads what scores: no index but that of results, and no package of others but for tables', () => {
  const { status, files } = load(['wider', 'score', '--pred', 'predictions', '--gt', 'ground-truth']);
  // It ends where the folder is missing, with everything loaded.
  expect(status).toBe(3);
  expect(files).toContain('packages/eval-wider/dist/evaluate/evaluate.js');
  const others = /^(?:datasets|packages\/[^/]+)\/dist\/index\.js$|^node_modules\/(?!commander\/|cli-table3\/)/;
  expect(files.filter((file) => others.test(file))).toEqual(['packages/results/dist/index.js']);
});
