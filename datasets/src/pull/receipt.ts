import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { DownloadedFile } from '../download/download-file.js';

/** What a pulled data set says about its origin, in `.retinabench.json` at its root. */
export interface Receipt {
  readonly name: string;
  readonly pulledAt: string;
  readonly licence: string;
  readonly files: readonly Pick<DownloadedFile, 'name' | 'sha256' | 'sizeBytes' | 'verifiedBy'>[];
}

/** Name of the receipt below a root. */
export const receiptName = '.retinabench.json';

/** The receipt of a root, or undefined if it was not pulled. */
export async function readReceipt(root: string): Promise<Receipt | undefined> {
  try {
    return JSON.parse(await readFile(path.join(root, receiptName), 'utf8')) as Receipt;
  } catch {
    return undefined;
  }
}
