import { ProtocolError } from '@retinabench/core';
import { conditionKinds, leastLockMs, mostLockMs } from '@retinabench/queue/settings';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { numberBetween, wholeNumber } from '../terminal/flags.js';

/** The flags of a command whose work workers of other machines may do. */
export interface QueueFlags {
  readonly queue?: string;
  readonly serveImages?: string;
  readonly allow?: readonly string[];
  readonly unit?: number;
  readonly queueLock: number;
  readonly queueWait: number;
}

/** Environment variable that `--queue env` reads. */
const queueVariable = 'RETINABENCH_QUEUE';

/** Least time for which a unit is its worker's, in seconds: shorter ones are lost to workers that are merely busy. */
const leastLockS = leastLockMs / 1000;

/** Longest time without any worker, in seconds, unless the user says otherwise. */
const defaultWaitS = 600;

/** Add the flags of `QueueFlags`. */
export function addQueueFlags(command: Command): Command {
  return command
    .option(
      '--queue <url>',
      `let workers of any machine do it (retinabench worker): redis://, rediss:// or postgres://; env: what ${queueVariable} says`,
    )
    .option(
      '--serve-images <address>',
      'with --queue: workers may fetch images and models from HOST[:PORT], an address of this machine',
    )
    .option(
      '--allow <list>',
      'with --queue: take workers of other code, runtime, device or cpu, and name them in the record (default: none)',
      differenceList,
    )
    .option('--unit <n>', 'with --queue: images of a unit (default: so many that it takes 5 to 30 s)', wholeNumber(1))
    .option(
      '--queue-lock <seconds>',
      'with --queue: how long a worker may be silent before its units are given to others',
      numberBetween(leastLockS, mostLockMs / 1000),
      leastLockS,
    )
    .option(
      '--queue-wait <seconds>',
      'with --queue: longest time without any worker; 0: no limit',
      numberBetween(0, 10_000_000),
      defaultWaitS,
    );
}

/** `--queue` of a command that works on nothing else. @param what its value is. */
export function queueOption(what: string): Option {
  return new Option('--queue <url>', what).default('env', `what ${queueVariable} says`);
}

/** The URL of a queue, from the flag or the environment. @throws {ProtocolError} if `env` is said and nothing is there. */
export function queueUrl(flag: string): string {
  if (flag !== 'env') return flag;
  const url = process.env[queueVariable];
  if (url !== undefined && url !== '') return url;
  throw new ProtocolError(
    `--queue env: ${queueVariable} is not set; set it to redis://HOST:PORT or postgres://USER@HOST:PORT/DATABASE, or name the queue with --queue URL`,
  );
}

/** Flags of which `--queue` is one. */
export type ChosenQueue = QueueFlags & { readonly queue: string };

/** The flags of a command that `--queue` was given to. */
export function queueFlagsOf(flags: Partial<QueueFlags>): ChosenQueue {
  const { queue, queueLock = leastLockS, queueWait = defaultWaitS, ...others } = flags;
  if (queue === undefined) throw new ProtocolError('expected --queue URL, got none; name the queue');
  return { ...others, queue, queueLock, queueWait };
}

/** @throws {ProtocolError} if flags stand there that say nothing without `--queue`. */
export function requireQueue({ queue, serveImages, allow, unit }: Partial<QueueFlags>): void {
  if (queue !== undefined) return;
  const given = Object.entries({ '--serve-images': serveImages, '--allow': allow, '--unit': unit });
  const flag = given.find(([, value]) => value !== undefined)?.[0];
  if (flag !== undefined) throw new ProtocolError(`${flag} is for runs on a queue; add --queue URL, or leave it out`);
}

function differenceList(text: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  const unknown = items.find((item) => !conditionKinds.some((kind) => kind === item));
  if (unknown !== undefined) throw new InvalidArgumentError(`expected a list of ${conditionKinds.join(', ')}.`);
  return items;
}
