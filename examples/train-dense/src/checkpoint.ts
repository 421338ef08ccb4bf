import { existsSync, readFileSync } from 'node:fs';
import { ModelError, ProtocolError, readSafetensors, type StoredTensor, writeSafetensors } from '@retinabench/core';
import { replaceFile } from '@retinabench/files';
import { parameterNames } from './head.js';
import type { Trainer } from './trainer.js';

/** Write all that a training needs to go on; the file is whole at every moment. */
export function saveCheckpoint(file: string, trainer: Trainer, about: string): void {
  const tensors = new Map<string, StoredTensor>();
  for (const [name, data] of stateOf(trainer)) tensors.set(name, { format: 'F32', shape: [data.length], data });
  const metadata = { step: String(trainer.step), recipe: recipeOf(trainer, about) };
  replaceFile(file, writeSafetensors({ tensors, metadata }));
}

/**
 * Let a new trainer go on from a checkpoint.
 *
 * @param about what else decides the numbers: the network, the samples.
 * @returns whether there was one.
 * @throws {ProtocolError} if it belongs to another recipe or other samples.
 * @throws {ModelError} if it is no checkpoint of such a head.
 */
export function resume(file: string, trainer: Trainer, about: string): boolean {
  if (!existsSync(file)) return false;
  const { tensors, metadata } = readSafetensors(readFileSync(file), file);
  if (metadata.recipe !== recipeOf(trainer, about)) {
    throw new ProtocolError(
      `${file}: expected a checkpoint of ${recipeOf(trainer, about)}, got one of ${metadata.recipe}; choose another --out, or the same settings`,
    );
  }
  for (const [name, data] of stateOf(trainer)) {
    const stored = tensors.get(name);
    if (stored?.data.length !== data.length) {
      throw new ModelError(`${file}: expected ${name} of ${data.length} numbers, got ${stored?.data.length ?? 'none'}`);
    }
    data.set(stored.data);
  }
  trainer.step = Number(metadata.step);
  return true;
}

function recipeOf({ recipe }: Trainer, about: string): string {
  return JSON.stringify({ ...recipe, about });
}

/** Every array that training changes, by its name in the file. */
function* stateOf({ head, moments }: Trainer): Generator<[name: string, values: Float32Array]> {
  for (const name of parameterNames) {
    yield [name, head[name]];
    yield [`${name}.first_moment`, moments.first[name]];
    yield [`${name}.second_moment`, moments.second[name]];
  }
}
