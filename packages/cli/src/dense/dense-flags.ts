import { ProtocolError } from '@retinabench/core';
import type { DenseModelOptions } from '@retinabench/models/node';
import type { Command } from 'commander';

/** The flags that choose a dense head. */
export interface DenseHeadFlags {
  readonly denseHead?: string;
  readonly forceDenseHead?: boolean;
}

/** Add `--dense-head` and `--force-dense-head`. */
export function addDenseHeadFlags(command: Command): Command {
  return command
    .option(
      '--dense-head <file>',
      "the dense head that examples/train-dense wrote for this model (default: the model's own, or that of this package)",
    )
    .option('--force-dense-head', 'attach --dense-head though it was trained on another network of the same shape');
}

/**
 * Which dense head the flags ask for.
 *
 * @throws {ProtocolError} if a head is forced and none is named.
 */
export function denseOptions({ denseHead, forceDenseHead }: DenseHeadFlags): DenseModelOptions {
  if (forceDenseHead && denseHead === undefined) {
    throw new ProtocolError('--force-dense-head: expected --dense-head FILE beside it, got none; name the head');
  }
  return {
    ...(denseHead === undefined ? {} : { headFile: denseHead }),
    ...(forceDenseHead ? { force: true } : {}),
  };
}
