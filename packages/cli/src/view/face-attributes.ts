import type { Annotations, AttributeColumn } from '@retinabench/annotations';

/** Attributes of faces as bits. */
export interface FaceAttributes {
  /** `heavy blur`: value and column. Bit a is that of names[a]. */
  readonly names: readonly string[];
  /** Uint32Array [faces]. */
  readonly bits: Uint32Array;
  /** Columns that have too many values to choose from. */
  readonly leftOut: readonly string[];
}

const mostNames = 31;
const mostValues = 12;

/** Values that say nothing special, and so are not told. */
const ordinary: ReadonlySet<string> = new Set(['clear', 'none', 'typical', 'valid', 'normal illumination']);

/**
 * The attributes and flags of annotated faces, to filter by: of each column that has few values, those that say anything out
 * of the ordinary.
 *
 * Cost: O(faces x columns).
 */
export function faceAttributes(annotations: Annotations): FaceAttributes {
  const { crowd, ignored, difficult } = annotations;
  const bits = new Uint32Array(annotations.boxesXywh.length / 4);
  const names: string[] = [];
  const leftOut: string[] = [];
  const flags = { 'flagged crowd': crowd, 'flagged ignored': ignored, 'flagged difficult': difficult };
  for (const [name, flagged] of Object.entries(flags)) {
    if (!flagged.includes(1)) continue;
    const bit = 1 << names.length;
    names.push(name);
    flagged.forEach((flag, face) => {
      if (flag === 1) bits[face] |= bit;
    });
  }
  for (const [column, values] of annotations.attributes) {
    const texts = textsOf(values);
    const distinct = [...new Set(texts)].filter((text): text is string => text !== undefined).sort();
    const told = distinct.filter((text) => !ordinary.has(text) && !ordinary.has(`${text} ${column}`));
    if (distinct.length > mostValues || names.length + told.length > mostNames) {
      leftOut.push(column);
      continue;
    }
    const bitOf = new Map(told.map((text, index) => [text, 1 << (names.length + index)]));
    names.push(...told.map((text) => `${text} ${column}`));
    texts.forEach((text, face) => {
      if (text !== undefined) bits[face] |= bitOf.get(text) ?? 0;
    });
  }
  return { names, bits, leftOut };
}

function textsOf(column: AttributeColumn): readonly (string | undefined)[] {
  if (column.kind === 'word') return column.values;
  return Array.from(column.values, (value) => (Number.isNaN(value) ? undefined : String(value)));
}
