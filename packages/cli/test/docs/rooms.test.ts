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

/** The rooms that each room of a package imports from; files outside all rooms are left out. */
function importsOf(source: string): Map<string, Set<string>> {
  const imports = new Map<string, Set<string>>();
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    const [room, ...inside] = file.split(path.sep);
    if (inside.length === 0 || !file.endsWith('.ts')) continue;
    const text = readFileSync(path.join(source, file), 'utf8');
    const imported = imports.get(room) ?? new Set();
    imports.set(room, imported);
    for (const [, specifier] of text.matchAll(/from '(\.[^']+)'/g)) {
      const [other, ...rest] = path.join(path.dirname(file), specifier).split(path.sep);
      if (rest.length > 0 && other !== room) imported.add(other);
    }
  }
  return imports;
}

/** The files of a package, and what each imports, types included. */
function fileImportsOf(source: string): Map<string, Set<string>> {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return new Map(
    files.map((file) => {
      const text = readFileSync(path.join(source, file), 'utf8');
      const specifiers = [...text.matchAll(/^(?:import|export) [^']*from '(\.[^']+)';$/gm)];
      return [file, new Set(specifiers.map(([, one]) => path.join(path.dirname(file), one).replace(/\.js$/, '.ts')))];
    }),
  );
}

/** The rooms that are left once every room has gone whose imports have all gone: those of circles, and what imports them. */
function roomsInCircles(imports: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  let left = [...imports.keys()];
  for (let before = -1; before !== left.length; ) {
    before = left.length;
    const rooms = new Set(left);
    left = left.filter((room) => [...(imports.get(room) ?? [])].some((other) => rooms.has(other)));
  }
  return left;
}

test.each([...tables.keys()])('no rooms of %s import each other in a circle', (name) => {
  const source = path.join(root, name === 'datasets' ? name : `packages/${name}`, 'src');
  expect(roomsInCircles(importsOf(source))).toEqual([]);
});

test.each([...tables.keys()])('no files of %s import each other in a circle', (name) => {
  const source = path.join(root, name === 'datasets' ? name : `packages/${name}`, 'src');
  expect(roomsInCircles(fileImportsOf(source))).toEqual([]);
});

test('a circle of rooms is found, whatever its length', () => {
  const rooms = (text: string): Map<string, Set<string>> =>
    new Map(text.split(' ').map((part) => [part[0], new Set(part.slice(2))]));
  expect(roomsInCircles(rooms('a>b b>c c>'))).toEqual([]);
  expect(roomsInCircles(rooms('a>b b>a c>'))).toEqual(['a', 'b']);
  expect(roomsInCircles(rooms('a>b b>c c>a d>'))).toEqual(['a', 'b', 'c']);
});
