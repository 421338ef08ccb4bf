import type { TaskFailure } from '@retinabench/backends/workers';
import { DatasetError, isRetinaBenchError } from '@retinabench/core';
import type { FleetImage, ImageAnswer } from './fleet-codec.js';
import type { OpenUnit } from './issue-unit.js';

/** Images that a unit asks for. */
export function imagesIn({ unit }: OpenUnit): number {
  return unit.tasks.reduce((sum, { images }) => sum + images.length, 0);
}

/**
 * What is known of each image of a task, in its order: the worker's answer, or that its bytes are as they were.
 *
 * @param place   of the task in the unit.
 * @param answers in the order of the images that were asked for.
 * @param images  all of the task.
 */
export function answersOf(
  { unit, readings }: OpenUnit,
  place: number,
  answers: readonly unknown[],
  images: readonly FleetImage[],
): ImageAnswer[] {
  const asked = new Map(unit.tasks[place].images.map(({ name }, i) => [name, answers[i]]));
  return images.map(({ name }, i) => {
    const reading = readings[place][i];
    return asked.has(name) ? { reading, answer: asked.get(name) } : { reading };
  });
}

/** A failure whose message names files as the coordinator has them: the worker wrote their places in the task. */
export function namedFailure<Failure extends { readonly message: string }>(
  failure: Failure,
  images: readonly FleetImage[],
): Failure {
  const message = failure.message.replaceAll(/\{(\d+)\}/g, (text, number) => images[Number(number)]?.file ?? text);
  return { ...failure, message };
}

/** What an error in reading a file is, as a worker process would have said it. */
export function failureOf(error: unknown): TaskFailure {
  const kind = error instanceof DatasetError ? 'input' : 'work';
  const message = error instanceof Error ? error.message : String(error);
  return { kind, message, exitCode: isRetinaBenchError(error) ? error.exitCode : 3 };
}
