import { DatasetError } from '@retinabench/core';
import { readNpyVector } from '@retinabench/files';
import { readPairs } from '../meta/pairs.js';
import { forEachLine, quoteLine } from '../text/lines.js';
import { readWholeLines } from '../text/whole-lines.js';

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
 * @throws {DatasetError} with file and row or line if a label is not 0 or 1, or a line has other columns than the first.
 */
export async function readLabels(file: string): Promise<LabelList> {
  if (file.endsWith('.npy')) {
    const values = await readNpyVector(file);
    const bad = values.findIndex((value) => value !== 0 && value !== 1);
    if (bad >= 0) throw new DatasetError(`${file}: row ${bad}: expected the label 0 or 1, got ${values[bad]}`);
    return { labels: Uint8Array.from(values) };
  }
  if ((await countColumns(file)) === 3) {
    const { labels, templateIds1, templateIds2 } = await readPairs(file);
    return { labels, templateIds: { left: templateIds1, right: templateIds2 } };
  }
  const labels: number[] = [];
  await forEachLine(file, (text, line) => {
    const label = text.trim();
    if (label !== '0' && label !== '1') {
      throw new DatasetError(
        `${file}:${line}: expected a label 0 or 1 on every line, alone or after two template ids, got ${quoteLine(text)}`,
      );
    }
    labels.push(Number(label));
  });
  return { labels: Uint8Array.from(labels) };
}

/** Columns of the first line; 0 for an empty file. */
async function countColumns(file: string): Promise<number> {
  for await (const chunk of readWholeLines(file)) {
    const line = new TextDecoder().decode(chunk.subarray(0, chunk.indexOf(0x0a))).trim();
    return line === '' ? 0 : line.split(/\s+/).length;
  }
  return 0;
}
