import { readFile } from 'node:fs/promises';
import { DatasetError } from '@retinabench/core';
import { forEachLine, quoteLine } from '../text/lines.js';
import { readPickle } from './read-pickle.js';

/** Pairs in the order of their folds. */
export interface FoldPairs {
  /** Int32Array [pairs]: rows of the features. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Uint8Array [pairs]: 1 genuine, 0 impostor. */
  readonly labels: Uint8Array;
  /** Folds, where the file says how many. */
  readonly folds?: number;
  /** Encoded images, where the file holds them: 2i and 2i + 1 are pair i. */
  readonly images?: readonly Uint8Array[];
  /** Paths of the images, `<name>/<name>_0001` without extension, where the file names them: 2i and 2i + 1 are pair i. */
  readonly names?: readonly string[];
}

/**
 * Read the pairs of a verification in folds.
 *
 * - `.bin`: a pickle of (encoded images, whether they show one person), images 2i and 2i + 1 for pair i; read without running it.
 * - `.txt`: LFW's pairs.txt: folds and pairs of each kind, then per fold its genuine and its impostor pairs. Rows of the
 *   features are 2i and 2i + 1 for pair i.
 * - `.csv`: a header `fold,a,b,same`, then pairs of rows of the features, folds ascending and of one size.
 *
 * @throws {DatasetError} with file and place if the file has another form.
 */
export async function readFoldPairs(file: string): Promise<FoldPairs> {
  if (file.endsWith('.csv')) return readCsv(file);
  return file.endsWith('.txt') ? readPairsText(file) : readBin(file);
}

async function readBin(file: string): Promise<FoldPairs> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new DatasetError(`${file}: cannot be read (${(cause as Error).message}); check the path`, { cause });
  }
  const value = readPickle(bytes, file);
  const [images, same] = Array.isArray(value) ? value : [];
  if (
    !Array.isArray(images) ||
    !(Array.isArray(same) || same instanceof Uint8Array) ||
    !images.every((image) => image instanceof Uint8Array) ||
    ![...same].every((label) => typeof label === 'boolean' || label === 0 || label === 1)
  ) {
    throw new DatasetError(`${file}: expected a list of encoded images and a list of booleans, got something else`);
  }
  if (images.length !== 2 * same.length) {
    throw new DatasetError(
      `${file}: expected ${2 * same.length} images, two for each of ${same.length} pairs, got ${images.length}`,
    );
  }
  return { ...consecutive(Array.from(same, Number)), images };
}

async function readPairsText(file: string): Promise<FoldPairs> {
  const labels: number[] = [];
  const names: string[] = [];
  let folds = 1;
  let perKind = 0;
  await forEachLine(file, (text, line) => {
    const fields = text.trim().split(/\s+/);
    if (line === 1) {
      const numbers = fields.map(Number);
      if (!numbers.every((value) => Number.isInteger(value) && value > 0) || numbers.length > 2) {
        throw new DatasetError(
          `${file}:1: expected the number of folds and of pairs of each kind, got ${quoteLine(text)}`,
        );
      }
      folds = numbers.length === 2 ? numbers[0] : 1;
      perKind = numbers[numbers.length - 1];
      return;
    }
    if (fields.length !== 3 && fields.length !== 4) {
      throw new DatasetError(
        `${file}:${line}: expected a name and two numbers, or two names with a number each, got ${quoteLine(text)}`,
      );
    }
    const label = fields.length === 3 ? 1 : 0;
    const expected = Math.floor((line - 2) / perKind) % 2 === 0 ? 1 : 0;
    if (label !== expected) {
      throw new DatasetError(
        `${file}:${line}: expected ${expected === 1 ? 'a genuine' : 'an impostor'} pair, as the first line says ${perKind} of each kind, got ${quoteLine(text)}`,
      );
    }
    labels.push(label);
    names.push(...imagesOfLine(fields, `${file}:${line}`));
  });
  if (labels.length !== 2 * folds * perKind) {
    throw new DatasetError(
      `${file}: expected ${2 * folds * perKind} pairs, as the first line says, got ${labels.length}; the file may be truncated`,
    );
  }
  return { ...consecutive(labels), folds, names };
}

/** The two images of a line: `name a b`, or `name a other b`; numbers count from 1. */
function imagesOfLine(fields: readonly string[], where: string): [string, string] {
  const [name, first, other, second] = fields.length === 3 ? [fields[0], fields[1], fields[0], fields[2]] : fields;
  const image = (person: string, number: string): string => {
    if (!/^\d{1,8}$/.test(number) || Number(number) < 1 || /[\\/]|^\.\.?$/.test(person)) {
      throw new DatasetError(
        `${where}: expected a name and the number of an image from 1, got ${quoteLine(`${person} ${number}`)}`,
      );
    }
    return `${person}/${person}_${number.padStart(4, '0')}`;
  };
  return [image(name, first), image(other, second)];
}

async function readCsv(file: string): Promise<FoldPairs> {
  const rows: number[][] = [];
  await forEachLine(file, (text, line) => {
    if (line === 1 && text === 'fold,a,b,same') return;
    const numbers = text.split(',').map(Number);
    const whole = numbers.length === 4 && numbers.every((value) => Number.isInteger(value) && value >= 0);
    if (!whole || numbers[3] > 1 || numbers[0] < (rows.at(-1)?.[0] ?? 0)) {
      throw new DatasetError(
        `${file}:${line}: expected fold,a,b,same below that header, folds ascending, same 0 or 1, got ${quoteLine(text)}`,
      );
    }
    rows.push(numbers);
  });
  const sizes = new Map<number, number>();
  for (const [fold] of rows) sizes.set(fold, (sizes.get(fold) ?? 0) + 1);
  if (new Set(sizes.values()).size !== 1) {
    throw new DatasetError(
      `${file}: expected folds of one size, got ${[...new Set(sizes.values())].join(', ') || 'none'} pairs`,
    );
  }
  return {
    left: Int32Array.from(rows, ([, left]) => left),
    right: Int32Array.from(rows, ([, , right]) => right),
    labels: Uint8Array.from(rows, ([, , , same]) => same),
    folds: sizes.size,
  };
}

function consecutive(labels: readonly number[]): FoldPairs {
  return {
    left: Int32Array.from(labels, (_, pair) => 2 * pair),
    right: Int32Array.from(labels, (_, pair) => 2 * pair + 1),
    labels: Uint8Array.from(labels),
  };
}
