import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
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
 * @param signal ends the preparation.
 * @throws {ProtocolError} if the flags name none or more than one comparison.
 * @throws {EnvironmentError} if a base revision cannot be built.
 */
export async function chooseSides(flags: SideFlags, program: string, signal: AbortSignal): Promise<Sides> {
  const { latency, latencyCommand, against, latencyModels, latencyBackends } = flags;
  const asked = [latency, latencyCommand ?? against, latencyModels, latencyBackends].filter(
    (value) => value !== undefined,
  );
  if (asked.length !== 1) {
    throw new ProtocolError(
      'expected one of --latency, --latency-command with --against, --latency-models, --latency-backends, got more; choose one',
    );
  }
  if (latencyCommand !== undefined || against !== undefined) {
    if (latencyCommand === undefined || against === undefined) {
      throw new ProtocolError(
        '--latency-command HEAD needs --against BASE, and the reverse: each a command that prints times',
      );
    }
    return { base: { command: against }, head: { command: latencyCommand }, remove: () => undefined };
  }
  const records = mkdtempSync(path.join(os.tmpdir(), 'retinabench-bench-'));
  const remove = (): void => rmSync(records, { recursive: true, force: true });
  try {
    return await benchSides(flags, program, { records, remove, signal });
  } catch (error) {
    remove();
    throw error;
  }
}

async function benchSides(
  flags: SideFlags,
  program: string,
  { records, remove, signal }: { readonly records: string; readonly remove: () => void; readonly signal: AbortSignal },
): Promise<Sides> {
  const { latency, latencyModels, latencyBackends, benchArgs } = flags;
  const bench = (main: string, more: string): MeasuringCommand => ({
    command: `"${process.execPath}" "${main}" bench ${benchArgs} ${more} --out-dir "${records}" --json --quiet`,
  });
  if (latency !== undefined) {
    const checkout = await prepareCheckout(latency, signal);
    return {
      base: bench(path.join(checkout.folder, 'packages/cli/dist/main.js'), ''),
      head: bench(program, ''),
      remove: () => {
        remove();
        checkout.remove();
      },
    };
  }
  if (latencyModels !== undefined) {
    const [first, second] = twoOf('--latency-models', latencyModels);
    return { base: bench(program, `--model "${first}"`), head: bench(program, `--model "${second}"`), remove };
  }
  const [first, second] = twoOf('--latency-backends', latencyBackends ?? '');
  return { base: bench(program, `--backend ${first}`), head: bench(program, `--backend ${second}`), remove };
}

function twoOf(flag: string, value: string): [string, string] {
  const parts = value.split(',').map((part) => part.trim());
  if (parts.length !== 2 || parts.some((part) => !/^[\w./@:-]+$/.test(part))) {
    throw new ProtocolError(`${flag}: expected BASE,HEAD, got ${JSON.stringify(value)}`);
  }
  return [parts[0], parts[1]];
}
