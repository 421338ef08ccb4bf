import type { Annotations } from '@retinabench/annotations';
import { ProtocolError } from '@retinabench/core';
import type { BreakdownBin } from '@retinabench/results';
import { breakDown } from '../breakdown/break-down.js';
import { type FaceBins, faceBins, mostWords } from '../breakdown/face-bins.js';
import { breakDownByFolder } from '../breakdown/folders.js';
import type { FaceMatches } from '../match/match-faces.js';
import type { MatchingInput } from '../match/prepare-matching.js';

/** An attribute to break down by. */
export interface BreakdownBy {
  readonly name: string;
  /** Where numbers are divided; default: into four parts of equally many faces. */
  readonly edges?: readonly number[];
}

/** Upper ends of the bins of face height, pixels. */
const heightEdgesPx = [16, 32, 64, 128, 256];

/** Attributes by which no one would divide faces. */
const mostAttributes = 12;

/**
 * Break down by the attributes of the annotations, by height and by folder.
 *
 * @param asked which attributes; default: all that give classes, at most twelve.
 * @returns bins by attribute, and what was not broken down.
 * @throws {ProtocolError} if an attribute is asked for that the annotations lack, or that gives no classes.
 */
export function breakDownAll(
  annotations: Annotations,
  input: MatchingInput,
  iou: number,
  { outside, outcomes, facesOf }: FaceMatches & { readonly outside: Uint8Array; readonly facesOf: Int32Array },
  asked?: readonly BreakdownBy[],
): { readonly breakdown: Record<string, Record<string, BreakdownBin>>; readonly notes: readonly string[] } {
  const breakdown: Record<string, Record<string, BreakdownBin>> = {};
  const notes: string[] = [];
  const divide = (name: string, bins: FaceBins): void => {
    const divided = breakDown(input, outside, bins, iou);
    if (Object.keys(divided).length > 0) breakdown[name] = divided;
  };
  if (asked === undefined) {
    const heights = { kind: 'number', values: annotations.boxesXywh.filter((_, at) => at % 4 === 3) } as const;
    const bins = faceBins(heights, 'height', heightEdgesPx);
    if (bins !== undefined && annotations.boxesXywh.length > 0) divide('height', bins);
  }
  const wanted = asked ?? [...annotations.attributes.keys()].slice(0, mostAttributes).map((name) => ({ name }));
  for (const { name, edges } of wanted as readonly BreakdownBy[]) {
    const column = annotations.attributes.get(name);
    const bins = column && faceBins(column, name, edges);
    if (bins !== undefined) {
      divide(name, bins);
    } else if (asked !== undefined) {
      throw new ProtocolError(
        column === undefined
          ? `breakdown: expected an attribute of the annotations, ${[...annotations.attributes.keys()].join(', ') || 'which have none'}, got ${name}`
          : `breakdown: attribute ${name} divides no faces: it has one value, or more than ${mostWords} words`,
      );
    } else {
      notes.push(`not broken down by ${name}: it has one value, or more than ${mostWords} words`);
    }
  }
  const left = annotations.attributes.size - wanted.length;
  if (asked === undefined && left > 0)
    notes.push(`not broken down by the last ${left} attributes; name those that matter with --by`);
  const folders = breakDownByFolder(annotations.images, outcomes, input.ranked.image, facesOf);
  if (asked === undefined && folders !== undefined) breakdown.folder = folders;
  return { breakdown, notes };
}
