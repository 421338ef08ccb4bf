import { ModelError } from '@retinabench/core';

/** What an axis of an output can be. */
export type AxisName = 'n' | 'v' | 'h' | 'w' | 'k';

/** The axes of an output, slowest first; each is one name or several merged, an empty one has length 1. */
export type Axes = readonly (readonly AxisName[])[];

/**
 * Read the axes of an output: `n v`, `1 (k v) h w`.
 *
 * @param place the field, for messages.
 * @throws {ModelError} if a name is unknown or occurs twice, or the names do not say where a candidate lies.
 */
export function parseAxes(text: string, place: string): Axes {
  const expected =
    'axes such as "n v", "v n", "(k v) h w" or "k h w v" (n candidates, v values, h rows, w columns, k anchors of a cell, 1)';
  const fail = (why: string): ModelError => new ModelError(`${place}: expected ${expected}, got "${text}": ${why}`);
  const parts = text.match(/\([^()]*\)|[^\s()]+/g) ?? [];
  if (text.replace(/\([^()]*\)|[^\s()]+/g, '').trim() !== '') throw fail('a parenthesis is not closed');
  const axes = parts.map((part) =>
    part
      .replace(/[()]/g, ' ')
      .trim()
      .split(/\s+/)
      .filter((name) => name !== '1')
      .map((name): AxisName => {
        if (!['n', 'v', 'h', 'w', 'k'].includes(name)) throw fail(`${name.slice(0, 20)} is not one of them`);
        return name as AxisName;
      }),
  );
  const names = axes.flat();
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw fail(`${twice} appears twice`);
  const flat = names.includes('n');
  const grid = names.includes('h') && names.includes('w');
  const anyGrid = names.some((name) => name === 'h' || name === 'w' || name === 'k');
  if (flat ? anyGrid : !grid) throw fail('candidates are either n, or h and w with k where a cell has several');
  return axes;
}

/** Axes as text. */
export function formatAxes(axes: Axes): string {
  return axes
    .map((names) => (names.length === 0 ? '1' : names.length === 1 ? names[0] : `(${names.join(' ')})`))
    .join(' ');
}
