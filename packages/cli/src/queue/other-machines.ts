import type { OtherMachine } from '@retinabench/eval-ijbc';

/**
 * What a record says of images that machines did which differ from what was asked for, where that was allowed.
 *
 * @param total images of the run.
 */
export function describeOtherMachines(machines: readonly OtherMachine[], total: number): string[] {
  return machines.map(
    ({ differs, images }) =>
      `${images} of ${total} images were done on a machine that differs (--allow): ${differs.join('; ')}`,
  );
}
