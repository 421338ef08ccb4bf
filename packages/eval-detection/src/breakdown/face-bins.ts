import type { AttributeColumn } from '@retinabench/annotations';
import { ProtocolError } from '@retinabench/core/basics';
import { quantile } from '@retinabench/results';

/** Faces divided by one of their attributes. */
export interface FaceBins {
  /** Names of the bins, in order. */
  readonly names: readonly string[];
  /** Int32Array [faces of the annotations]: index of the bin of each, -1 for a face without a value. */
  readonly binOf: Int32Array;
}

/** More words than this are names or comments, not classes. */
export const mostWords = 30;

/** Parts into which numbers are divided where no edges are given. */
const parts = 4;

/**
 * Divide faces by an attribute: words by their value, numbers at the given edges, or else into four parts of equally many
 * faces. An edge belongs to the bin above it.
 *
 * @param edges ascending.
 * @returns undefined if the faces have no value, one value alone, or more than `mostWords` words.
 * @throws {ProtocolError} if edges are given for words or do not ascend.
 */
export function faceBins(column: AttributeColumn, name: string, edges?: readonly number[]): FaceBins | undefined {
  if (column.kind === 'word') {
    if (edges !== undefined)
      throw new ProtocolError(`attribute ${name}: expected numbers to divide at edges, got words`);
    return wordBins(column.values);
  }
  if (edges?.some((edge, at) => !Number.isFinite(edge) || (at > 0 && edge <= edges[at - 1])) === true) {
    throw new ProtocolError(`attribute ${name}: expected edges that ascend, got ${edges.join(',')}`);
  }
  return numberBins(column.values, edges);
}

function wordBins(values: readonly (string | undefined)[]): FaceBins | undefined {
  const names = [...new Set(values)].filter((value) => value !== undefined).sort();
  if (names.length < 2 || names.length > mostWords) return undefined;
  const places = new Map(names.map((value, index) => [value, index]));
  return { names, binOf: Int32Array.from(values, (value) => (value === undefined ? -1 : (places.get(value) ?? -1))) };
}

function numberBins(values: Float64Array, given: readonly number[] | undefined): FaceBins | undefined {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  if (known.length === 0) return undefined;
  const distinct = [...new Set(known)];
  if (given === undefined && distinct.length <= 2 * parts) {
    // Few whole values, such as levels from 0 to 2, are classes.
    if (distinct.length < 2) return undefined;
    const places = new Map(distinct.map((value, index) => [value, index]));
    return { names: distinct.map(String), binOf: Int32Array.from(values, (value) => places.get(value) ?? -1) };
  }
  const edges =
    given ??
    [...new Set(Array.from({ length: parts - 1 }, (_, i) => quantile(known, (i + 1) / parts)))].filter(
      (edge) => edge > known[0],
    );
  if (edges.length === 0) return undefined;
  const written = edges.map((edge) => String(Number(edge.toPrecision(4))));
  const names = [
    `<${written[0]}`,
    ...written.slice(1).map((edge, at) => `${written[at]}-${edge}`),
    `>=${written[written.length - 1]}`,
  ];
  const binOf = Int32Array.from(values, (value) => {
    if (Number.isNaN(value)) return -1;
    const bin = edges.findIndex((edge) => value < edge);
    return bin < 0 ? edges.length : bin;
  });
  return { names, binOf };
}
