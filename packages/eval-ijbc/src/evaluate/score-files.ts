import { DatasetError } from '@retinabench/core';
import { parseId } from '../meta/id.js';
import { readNpyVector } from '../npy/read-vector.js';
import { forEachLine, quoteLine } from '../text/lines.js';

/**
 * Read the scores of pairs: `.npy`, or text with one number per line.
 *
 * @returns Float64Array [pairs].
 * @throws {DatasetError} with file and row or line if a score is no finite number.
 */
export async function readScores(file: string): Promise<Float64Array> {
  if (file.endsWith('.npy')) return readNpyVector(file);
  const scores: number[] = [];
  await forEachLine(file, (text, line) => {
    const score = Number(text);
    if (!Number.isFinite(score)) {
      throw new DatasetError(`${file}:${line}: expected a score, got ${quoteLine(text)}`);
    }
    scores.push(score);
  });
  return Float64Array.from(scores);
}

/** Labels of pairs, with the template ids of each pair where the file has them. */
export interface LabelList {
  /** Uint8Array [pairs]: 1 genuine, 0 impostor. */
  readonly labels: Uint8Array;
  readonly templateIds?: { readonly left: Int32Array; readonly right: Int32Array };
}

/**
 * Read the labels of pairs: `.npy`, or text with either one label per line or two template ids and a label, as in
 * `<prefix>_template_pair_label.txt`.
 *
 * @throws {DatasetError} with file and row or line if a label is not 0 or 1, or lines have different columns.
 */
export async function readLabels(file: string): Promise<LabelList> {
  if (file.endsWith('.npy')) {
    const values = await readNpyVector(file);
    const bad = values.findIndex((value) => value !== 0 && value !== 1);
    if (bad >= 0) throw new DatasetError(`${file}: row ${bad}: expected the label 0 or 1, got ${values[bad]}`);
    return { labels: Uint8Array.from(values) };
  }
  const labels: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  let columns = 0;
  await forEachLine(file, (text, line) => {
    const fields = text.trim().split(/\s+/);
    const label = fields.at(-1);
    const ids = fields.slice(0, -1).map(parseId);
    if (line === 1) columns = ids.length;
    const rightColumns = ids.length === columns && (columns === 0 || columns === 2);
    if ((label !== '0' && label !== '1') || ids.includes(undefined) || !rightColumns) {
      throw new DatasetError(
        `${file}:${line}: expected a label 0 or 1, on every line alone or on every line after two template ids, got ${quoteLine(text)}`,
      );
    }
    labels.push(Number(label));
    if (ids.length === 2) {
      left.push(ids[0]!);
      right.push(ids[1]!);
    }
  });
  return {
    labels: Uint8Array.from(labels),
    ...(left.length === 0 ? {} : { templateIds: { left: Int32Array.from(left), right: Int32Array.from(right) } }),
  };
}
