import path from 'node:path';
import { ProtocolError } from '@retinabench/core';
import { prepareCheckout } from './checkout.js';
import type { MeasuringCommand } from './run-command.js';

/** The flags that say what is compared with what. */
export interface SideFlags {
  readonly latency?: string;
  readonly latencyCommand?: string;
  readonly against?: string;
  readonly latencyModels?: string;
  readonly latencyBackends?: string;
  readonly benchArgs: string;
}

/** The two commands of a comparison, and what to call when it is over. */
export interface Sides {
  readonly base: MeasuringCommand;
  readonly head: MeasuringCommand;
  readonly remove: () => void;
}

/** Whether any flag asks for an interleaved comparison. */
export function wantsLatency(flags: SideFlags): boolean {
  return [flags.latency, flags.latencyCommand, flags.against, flags.latencyModels, flags.latencyBackends].some(
    (value) => value !== undefined,
  );
}

/**
 * The two commands that the flags ask for: two commands as given, two checkouts, two models or two backends; the latter
 * three run `retinabench bench`.
 *
 * @param program this program's main file.
 * @throws {ProtocolError} if the flags name none or more than one comparison.
 * @throws {EnvironmentError} if a base revision cannot be built.
 */
export function chooseSides(flags: SideFlags, program: string): Sides {
  const { latency, latencyCommand, against, latencyModels, latencyBackends, benchArgs } = flags;
  const asked = [latency, latencyCommand ?? against, latencyModels, latencyBackends].filter(
    (value) => value !== undefined,
  );
  if (asked.length !== 1) {
    throw new ProtocolError(
      'expected one of --latency, --latency-command with --against, --latency-models, --latency-backends, got more; choose one',
    );
  }
  const bench = (main: string, more: string): MeasuringCommand => ({
    command: `"${process.execPath}" "${main}" bench ${benchArgs} ${more} --json --quiet`,
  });
  const remove = (): void => undefined;
  if (latency !== undefined) {
    const checkout = prepareCheckout(latency);
    return {
      base: bench(path.join(checkout.folder, 'packages/cli/dist/main.js'), ''),
      head: bench(program, ''),
      remove: checkout.remove,
    };
  }
  if (latencyModels !== undefined) {
    const [first, second] = twoOf('--latency-models', latencyModels);
    return { base: bench(program, `--model "${first}"`), head: bench(program, `--model "${second}"`), remove };
  }
  if (latencyBackends !== undefined) {
    const [first, second] = twoOf('--latency-backends', latencyBackends);
    return { base: bench(program, `--backend ${first}`), head: bench(program, `--backend ${second}`), remove };
  }
  if (latencyCommand === undefined || against === undefined) {
    throw new ProtocolError(
      '--latency-command HEAD needs --against BASE, and the reverse: each a command that prints times',
    );
  }
  return { base: { command: against }, head: { command: latencyCommand }, remove };
}

function twoOf(flag: string, value: string): [string, string] {
  const parts = value.split(',').map((part) => part.trim());
  if (parts.length !== 2 || parts.some((part) => !/^[\w./@:-]+$/.test(part))) {
    throw new ProtocolError(`${flag}: expected BASE,HEAD, got ${JSON.stringify(value)}`);
  }
  return [parts[0], parts[1]];
}
