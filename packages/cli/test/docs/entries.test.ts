import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../../..');
const page = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8');
const [, table] = /^\| entry \| holds \| part of the index \|\n\|---\|---\|---\|\n((?:\|.*\n)+)/m.exec(
  page,
) as RegExpExecArray;

/** Folders of the packages that others import, by the name after `@retinabench/`. */
const folders = new Map(
  ['datasets', ...readdirSync(path.join(root, 'packages')).filter((name) => name !== 'cli')].map((name) => [
    name,
    path.join(root, name === 'datasets' ? name : `packages/${name}`),
  ]),
);

/** The modules that a package has beside its index, as `PACKAGE/ENTRY`. */
function entriesOf(name: string, folder: string): string[] {
  const { exports } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const modules = Object.keys(exports).filter((key) => typeof exports[key] === 'object' && key !== '.');
  return modules.map((key) => `${name}${key.slice(1)}`);
}

/** The entries of a row: `PACKAGE/settings` stands for those of the packages behind it. */
function entriesOfRow(cell: string): string[] {
  const names = [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  if (names[0] !== 'PACKAGE/settings') return names;
  return names.slice(1).flatMap((name) => {
    const packages = name === 'eval-*' ? [...folders.keys()].filter((one) => one.startsWith('eval-')) : [name];
    return packages.map((one) => `${one}/settings`);
  });
}

const rows = table
  .trim()
  .split('\n')
  .map((row) => row.split('|').map((cell) => cell.trim()))
  .map(([, entry, , part]) => ({ entries: entriesOfRow(entry), part }));

test('docs/architecture.md names every entry of every package and no other', () => {
  const named = rows.flatMap(({ entries }) => entries);
  const present = [...folders].flatMap(([name, folder]) => entriesOf(name, folder));
  expect(named.sort()).toEqual(present.sort());
});

const parts = rows.flatMap(({ entries, part }) => (part === 'yes' ? entries : []));

test.each(parts)('everything of %s is in the index of its package', async (entry) => {
  const [name] = entry.split('/');
  const [index, own] = await Promise.all([import(`@retinabench/${name}`), import(`@retinabench/${entry}`)]);
  const names = Object.keys(own);
  expect(names).not.toEqual([]);
  expect(names.filter((exported) => index[exported] !== own[exported])).toEqual([]);
});
