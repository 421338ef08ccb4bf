import { DatasetError } from '@retinabench/core/basics';

/**
 * Refuse a last line without a line break that has fewer fields than a line before it: a file that was cut within a number leaves
 * a shorter one, which reads as another box.
 *
 * @throws {DatasetError} with the line.
 */
export function assertNotCut(isEnded: boolean, fields: number, fieldsBefore: number, where: string): void {
  if (isEnded || fields >= fieldsBefore) return;
  throw new DatasetError(
    `${where}: the last line ends without a line break and has ${fields} fields where a line before has ${fieldsBefore}: the file is cut; get it whole again, or end the line if it is`,
  );
}
