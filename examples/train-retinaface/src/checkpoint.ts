import { existsSync, readFileSync } from 'node:fs';
import {
  ModelError,
  ProtocolError,
  readSafetensors,
  readUncheckedJson,
  type StoredTensor,
  writeSafetensors,
} from '@retinabench/core';
import { replaceFile } from '@retinabench/files';
import type { Recipe, Trainer } from './trainer.js';

/**
 * Write everything that a run needs to go on: weights, running statistics, the optimiser's moments, steps done, recipe. At
 * every moment the file is what it was or the new one whole.
 */
export function saveCheckpoint(file: string, trainer: Trainer): void {
  const metadata = { step: String(trainer.step), recipe: JSON.stringify(trainer.recipe) };
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { dims, values }] of stateOf(trainer)) {
    tensors.set(name, { format: 'F32', shape: dims, data: values });
  }
  replaceFile(file, writeSafetensors({ tensors, metadata }));
}

/**
 * Let a new trainer go on from a checkpoint.
 *
 * @returns whether there was one.
 * @throws {ProtocolError} if it belongs to another recipe: its numbers would be those of neither.
 * @throws {ModelError} if it is not a checkpoint of this network.
 */
export function resume(file: string, trainer: Trainer): boolean {
  if (!existsSync(file)) return false;
  const { tensors, metadata } = readSafetensors(readFileSync(file), file);
  assertRecipe(file, metadata.recipe, trainer.recipe);
  for (const [name, { dims, values }] of stateOf(trainer)) {
    const stored = tensors.get(name);
    if (stored === undefined || stored.shape.join() !== dims.join()) {
      throw new ModelError(
        `${file}: tensor ${name}: expected [${dims.join(', ')}], got ${stored ? `[${stored.shape.join(', ')}]` : 'none'}; move the file away to start anew`,
      );
    }
    values.set(stored.data);
  }
  trainer.optimiser.steps = Number(metadata.step);
  return true;
}

function assertRecipe(file: string, text: string | undefined, recipe: Recipe): void {
  const contract = { what: 'a recipe', next: 'move the file away to start anew', ErrorClass: ModelError };
  const stored = readUncheckedJson(text ?? '{}', file, contract) as Partial<Recipe>;
  const differing = (Object.keys(recipe) as (keyof Recipe)[]).filter((key) => stored[key] !== recipe[key]);
  if (differing.length === 0) return;
  throw new ProtocolError(
    `${file}: expected a checkpoint of this recipe, got another ${differing.map((key) => `${key} (${stored[key]}, not ${recipe[key]})`).join(', ')}; choose another --out, or the same settings`,
  );
}

/** Every array that training changes, by its name in the file. */
function* stateOf({
  parameters,
  optimiser,
}: Trainer): Generator<[name: string, tensor: { dims: readonly number[]; values: Float32Array }]> {
  yield* parameters.trained;
  yield* parameters.statistics;
  for (const [name, { first, second }] of optimiser.moments) {
    const dims = [first.length];
    yield [`${name}.first_moment`, { dims, values: first }];
    yield [`${name}.second_moment`, { dims, values: second }];
  }
}
