import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../../..');
const page = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8');

/** The tables of docs/architecture.md that say what each folder of a package holds, by package. */
const tables = new Map(
  [...page.matchAll(/^\| `([\w-]+)` \| holds \|\n\|---\|---\|\n((?:\|.*\n)+)/gm)].map(([, name, rows]) => [name, rows]),
);

/** The folders named in the first cells of a table. */
function roomsOf(rows: string): string[] {
  const cells = rows.split('\n').map((row) => row.split('|')[1] ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`([\w-]+)\/`/g)].map(([, room]) => room)).sort();
}

test('docs/architecture.md has a table for every package', () => {
  expect([...tables.keys()].sort()).toEqual([...readdirSync(path.join(root, 'packages')), 'datasets'].sort());
});

test.each([...tables])('docs/architecture.md names every room of %s and no other', (name, rows) => {
  const source = path.join(root, name === 'datasets' ? name : `packages/${name}`, 'src');
  const folders = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(roomsOf(rows)).toEqual(folders.map((entry) => entry.name).sort());
});
