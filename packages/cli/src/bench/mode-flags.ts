import { availableParallelism } from 'node:os';
import { ProtocolError } from '@retinabench/core';

/** Flags of bench that only some of its ways of measuring read. */
export interface ModeFlags {
  readonly throughput?: boolean;
  readonly scenario?: 'server' | 'stream';
  readonly queue?: string;
  readonly size?: readonly string[];
  readonly rounds?: number;
  readonly roundMs?: number;
  readonly pin?: string;
  readonly workers?: readonly number[];
  readonly images?: number;
}

/**
 * The flags with their defaults.
 *
 * @throws {ProtocolError} if a flag is given that the way of measuring does not read: what was measured would not be what was asked for.
 */
export function settleModeFlags(
  flags: ModeFlags,
): Required<Pick<ModeFlags, 'size' | 'rounds' | 'roundMs' | 'workers' | 'images'>> {
  const { throughput = false, scenario, queue, size, rounds, roundMs, pin, workers, images } = flags;
  const refuse = (given: Readonly<Record<string, unknown>>, why: string): void => {
    const name = Object.keys(given).find((flag) => given[flag] !== undefined);
    if (name !== undefined) throw new ProtocolError(`${name}: ${why}; leave it out`);
  };
  if (throughput) {
    refuse(
      { '--size': size, '--rounds': rounds, '--round-ms': roundMs, '--pin': pin },
      '--throughput does not read it: it takes whole files, once through',
    );
  } else {
    refuse({ '--workers': workers, '--images': images }, 'belongs to --throughput, which is not asked for');
  }
  if (queue !== undefined) refuse({ '--workers': workers }, 'with --queue the workers are those of the queue');
  if (scenario !== undefined) refuse({ '--rounds': rounds }, '--scenario has no rounds');
  return {
    size: size ?? ['vga'],
    rounds: rounds ?? 10,
    roundMs: roundMs ?? 400,
    workers: workers ?? [...new Set([1, availableParallelism()])],
    images: images ?? 200,
  };
}
