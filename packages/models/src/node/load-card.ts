import { readFile } from 'node:fs/promises';
import { ModelError } from '@retinabench/core';
import type { ModelCard } from '../card/card.js';
import { parseCard } from '../card/parse.js';
import { platformSha256 } from './sha256.js';

/** A model ready to run. */
export interface LoadedModel {
  /** The .onnx file, or where it would lie if the cache could be written. */
  readonly onnxPath: string;
  readonly bytes: Uint8Array;
  readonly card: ModelCard;
}

/** Where the card of an .onnx file lies: `name.onnx` has `name.card.json`. */
export function cardPathOf(onnxPath: string): string {
  return `${onnxPath.replace(/\.onnx$/i, '')}.card.json`;
}

/**
 * Read an .onnx file and the card beside it.
 *
 * @throws {ModelError} if either is missing, the card is invalid, or its SHA-256 is not the file's.
 */
export async function loadModelCard(onnxPath: string): Promise<LoadedModel> {
  const cardPath = cardPathOf(onnxPath);
  const bytes = await readOrExplain(onnxPath, 'pass the path of an .onnx file, or an id of `retinabench models list`');
  const text = await readOrExplain(
    cardPath,
    'a model needs its card beside it; docs/add-a-model.md shows how to write one',
  );
  const card = parseCard(new TextDecoder().decode(text), cardPath);
  assertSha256(bytes, card.sha256, onnxPath);
  return { onnxPath, bytes, card };
}

/** @throws {ModelError} if the SHA-256 of `bytes` is not `expected`. */
export function assertSha256(bytes: Uint8Array, expected: string, place: string): void {
  const actual = platformSha256(bytes);
  if (actual !== expected) {
    throw new ModelError(
      `${place}: expected the file of SHA-256 ${expected}, as its card says, got ${actual}; fetch the file again, or correct the card if the change is meant`,
    );
  }
}

async function readOrExplain(file: string, next: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ModelError(`${file}: expected a readable file, got ${code ?? 'an error'}; ${next}`, { cause });
  }
}
