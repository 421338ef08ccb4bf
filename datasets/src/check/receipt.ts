import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type JsonSchema, validateJson } from '@retinabench/core';
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

const schema: JsonSchema = {
  type: 'object',
  required: ['name', 'pulledAt', 'licence', 'files'],
  properties: {
    name: { type: 'string', pattern: '^[\\w-][\\w.-]*$' },
    pulledAt: { type: 'string' },
    licence: { type: 'string' },
    files: { type: 'array' },
  },
};

/** The receipt of a root, or undefined if it was not pulled or has none that is valid. */
export async function readReceipt(root: string): Promise<Receipt | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path.join(root, receiptName), 'utf8'));
    return validateJson(schema, value).length === 0 ? (value as Receipt) : undefined;
  } catch {
    return undefined;
  }
}
