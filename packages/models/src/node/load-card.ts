import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { decodeText, ModelError } from '@retinabench/core';
import { requireRegularFile } from '@retinabench/files';
import type { ModelCard } from '../card/card.js';
import { parseCard } from '../card/parse.js';
import { readOnnxFile } from './read-onnx-file.js';

/** A model ready to run. */
export interface LoadedModel {
  /** The .onnx file, or where it would lie if the cache could be written. */
  readonly onnxPath: string;
  /** The .onnx in one piece, also where tensors lie in other files. */
  readonly bytes: Uint8Array;
  /** Of the .onnx and the files beside it that hold its tensors. */
  readonly sizeBytes: number;
  /** Its `sha256` is that of the .onnx and the files beside it that hold its tensors. */
  readonly card: ModelCard;
  /** What makes a number of this model doubtful. */
  readonly warnings: readonly string[];
}

/** Where the card of a model file lies: `name.onnx` and `name.tflite` have `name.card.json`. */
export function cardPathOf(onnxPath: string): string {
  return `${onnxPath.replace(/\.(onnx|tflite)$/i, '')}.card.json`;
}

/**
 * Read an .onnx file, the files that hold its tensors where there are any, and the card beside it.
 *
 * A card whose SHA-256 is that of the .onnx alone does not say which weights are meant: it is taken, with a warning, and
 * the card returned has the hash of all files.
 *
 * @throws {ModelError} if a file is missing, the card is invalid, or its SHA-256 is not the files'.
 */
export async function loadModelCard(onnxPath: string): Promise<LoadedModel> {
  const cardPath = cardPathOf(onnxPath);
  const file = await explain(
    onnxPath,
    'pass the path of an .onnx or .tflite file, or an id of `retinabench models list`',
    readOnnxFile(onnxPath),
  );
  const text = await explain(
    cardPath,
    'a model needs its card beside it; docs/add-a-model.md shows how to write one',
    requireRegularFile(cardPath, ModelError).then(() => readFile(cardPath)),
  );
  const card = parseCard(decodeText(text, cardPath, ModelError), cardPath);
  const { bytes, sizeBytes, sha256, graphSha256, externalFiles } = file;
  const warnings: string[] = [];
  if (externalFiles.length > 0 && card.sha256 === graphSha256) {
    warnings.push(
      `the weights of ${card.id} lie in ${externalFiles.join(', ')}, which the sha256 of its card does not cover; set it to ${sha256}, that of ${path.basename(onnxPath)} and ${externalFiles.join(', ')} one after the other`,
    );
  } else assertSha256(sha256, card.sha256, [onnxPath, ...externalFiles].join(' and '));
  return { onnxPath, bytes, sizeBytes, card: { ...card, sha256 }, warnings };
}

/** @throws {ModelError} if the SHA-256 `actual` is not `expected`. */
export function assertSha256(actual: string, expected: string, place: string): void {
  if (actual !== expected) {
    throw new ModelError(
      `${place}: expected the file of SHA-256 ${expected}, as its card says, got ${actual}; fetch the file again, or correct the card if the change is meant`,
    );
  }
}

async function explain<Content>(file: string, next: string, content: Promise<Content>): Promise<Content> {
  try {
    return await content;
  } catch (cause) {
    if (cause instanceof ModelError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    throw new ModelError(`${file}: expected a readable file, got ${code ?? 'an error'}; ${next}`, { cause });
  }
}
