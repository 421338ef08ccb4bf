import fc from 'fast-check';
import { oneToFour } from './one-to-four.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Keys that are properties of every object, and keys that no schema has. */
const hostileKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  'x',
  '\u001b[2J',
  'k'.repeat(10_000),
];

/** JSON texts that a value is replaced by; some cannot be made of values, such as an own key `__proto__`. */
const hostileTexts = [
  'null',
  'true',
  '0',
  '-0',
  '-1',
  '1e308',
  '1e999',
  '-1e999',
  '1e-400',
  '9007199254740993',
  '0.5',
  '""',
  '"x"',
  '"1"',
  `"${'x'.repeat(20_000)}"`,
  '"\\ud800"',
  '"../../etc/passwd"',
  '"\\u0000"',
  '[]',
  '{}',
  '[[]]',
  `[${'1,'.repeat(300)}1]`,
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
];

/** Deeper than a recursive walk can go. */
const deepTexts = [`${'['.repeat(20_000)}${']'.repeat(20_000)}`, `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`];

/**
 * JSON texts made from valid values by one to four changes: a value replaced by one that is extreme, of another type or nested
 * 20,000 deep, a member removed, given a hostile name or put twice, and now and then the text itself cut or changed.
 *
 * @param originals valid values.
 */
export function mutatedJson(originals: readonly unknown[]): fc.Arbitrary<string> {
  const change = fc.record({
    at: fc.nat(2 ** 31),
    kind: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'rename', 'add', 'double'),
    text: fc.oneof(
      { weight: 60, arbitrary: fc.constantFrom(...hostileTexts) },
      { weight: 1, arbitrary: fc.constantFrom(...deepTexts) },
    ),
    key: fc.constantFrom(...hostileKeys),
  });
  const ending = fc.oneof(
    { weight: 12, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.record({ at: fc.nat(2 ** 31), to: fc.string({ maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ at: fc.nat(2 ** 31) }) },
  );
  return fc.tuple(fc.constantFrom(...originals), oneToFour(change), ending).map(([original, changes, end]) => {
    const root: { value: Json } = { value: structuredClone(original) as Json };
    const inserted = new Map<string, string>();
    for (const { at, kind, text, key } of changes) {
      const marker = `\u0001${inserted.size}\u0001`;
      if (applyChange(root, at, kind, key, marker)) inserted.set(marker, text);
    }
    let json = JSON.stringify(root.value);
    for (const [marker, text] of inserted) json = json.replace(JSON.stringify(marker), () => text);
    if (end === undefined) return json;
    const start = end.at % (json.length + 1);
    return 'to' in end ? json.slice(0, start) + end.to + json.slice(start + 1) : json.slice(0, start);
  });
}

/** Change one member of the tree; whether the marker was put in. */
function applyChange(root: { value: Json }, at: number, kind: string, key: string, marker: string): boolean {
  const members = membersOf(root as { [key: string]: Json });
  const [owner, name] = members[at % members.length];
  if (Array.isArray(owner)) {
    const index = Number(name);
    if (kind === 'remove') owner.splice(index, 1);
    else if (kind === 'double') owner.splice(index, 0, structuredClone(owner[index]));
    else owner[index] = marker;
    return kind !== 'remove' && kind !== 'double';
  }
  if (kind === 'remove' && owner !== (root as object)) delete owner[name];
  else if (kind === 'rename' && owner !== (root as object)) {
    define(owner, key, owner[name]);
    delete owner[name];
  } else if (kind === 'add') define(owner === (root as object) ? asObject(root.value) : owner, key, marker);
  else owner[name] = marker;
  return kind !== 'remove' && kind !== 'rename';
}

function asObject(value: Json): { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function define(owner: object, key: string, value: Json): void {
  Object.defineProperty(owner, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Every member of every object and list, with its owner. */
function membersOf(owner: { [key: string]: Json } | Json[]): [{ [key: string]: Json } | Json[], string][] {
  return Object.entries(owner).flatMap(([name, value]) => [
    [owner, name] as [typeof owner, string],
    ...(typeof value === 'object' && value !== null ? membersOf(value) : []),
  ]);
}
