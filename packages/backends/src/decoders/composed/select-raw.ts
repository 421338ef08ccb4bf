import type { GridLevel } from './grid.js';

/** The raw numbers of a factor on one level, and what they have to exceed. */
export interface RawNumbers {
  readonly data: Float32Array;
  /** Index of the first candidate's. */
  readonly at: number;
  /** From a number to the one that it has to lead; 0 without one. */
  readonly lead: number;
  readonly floor: number;
  /** Numbers from one candidate to the next; absent where that is not the same everywhere on the level. */
  readonly step: number | undefined;
  readonly row: number;
  readonly column: number;
  readonly anchor: number;
}

/** Write the indices of candidates whose number is above the floor, or NaN; needs a step. @returns how many. */
export function selectOne(indices: Uint32Array, counted: number, numbers: RawNumbers): number {
  const { data, step = 0, floor } = numbers;
  let count = 0;
  // NaN is not at most the floor.
  for (let index = 0, at = numbers.at; index < counted; index++, at += step) {
    if (!(data[at] <= floor)) indices[count++] = index;
  }
  return count;
}

/** The same of numbers that have to lead another one. */
export function selectLeading(indices: Uint32Array, counted: number, numbers: RawNumbers): number {
  const { data, step = 0, lead, floor } = numbers;
  let count = 0;
  for (let index = 0, at = numbers.at; index < counted; index++, at += step) {
    if (!(data[at] - data[at + lead] <= floor)) indices[count++] = index;
  }
  return count;
}

/**
 * Write the indices of candidates of which both numbers are above their floors, or one is NaN: what one factor rules out
 * still counts where the other is broken. The numbers may lie anywhere.
 *
 * @returns how many.
 */
export function selectBoth(
  indices: Uint32Array,
  counted: number,
  { columns, perCell }: GridLevel,
  first: RawNumbers,
  second: RawNumbers,
): number {
  const { data, lead, floor, anchor: step } = first;
  const { data: otherData, lead: otherLead, floor: otherFloor, anchor: otherStep } = second;
  let count = 0;
  for (let index = 0, row = 0; index < counted; row++) {
    for (let column = 0; column < columns && index < counted; column++) {
      let at = first.at + row * first.row + column * first.column;
      let other = second.at + row * second.row + column * second.column;
      for (let anchor = 0; anchor < perCell; anchor++, index++, at += step, other += otherStep) {
        const number = lead === 0 ? data[at] : data[at] - data[at + lead];
        const isLow = number <= floor;
        const otherNumber = otherLead === 0 ? otherData[other] : otherData[other] - otherData[other + otherLead];
        if (isLow && !Number.isNaN(otherNumber)) continue;
        if (otherNumber <= otherFloor && !Number.isNaN(number)) continue;
        indices[count++] = index;
      }
    }
  }
  return count;
}

/** Write the indices of candidates whose product of two numbers is above the floor of the first, or NaN. @returns how many. */
export function selectProduct(
  indices: Uint32Array,
  counted: number,
  { columns, perCell }: GridLevel,
  first: RawNumbers,
  second: RawNumbers,
): number {
  const { data, floor, anchor: step } = first;
  const { data: otherData, anchor: otherStep } = second;
  let count = 0;
  for (let index = 0, row = 0; index < counted; row++) {
    for (let column = 0; column < columns && index < counted; column++) {
      let at = first.at + row * first.row + column * first.column;
      let other = second.at + row * second.row + column * second.column;
      for (let anchor = 0; anchor < perCell; anchor++, index++, at += step, other += otherStep) {
        if (!(data[at] * otherData[other] <= floor)) indices[count++] = index;
      }
    }
  }
  return count;
}
