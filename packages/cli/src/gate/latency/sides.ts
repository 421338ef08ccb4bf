import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ProtocolError } from '@retinabench/core';
import { cardDigest, resolveModel } from '@retinabench/models/node';
import { printNote } from '../../terminal/output.js';
import { prepareBuild, prepareCheckout } from './checkout.js';
import { quoteForShell } from './quote-for-shell.js';
import { repositoryOf } from './repository-of.js';
import type { MeasuringCommand } from './run-command.js';

/** The flags that say what is compared with what. */
export interface SideFlags {
  readonly latency?: string;
  /** Models of the configuration or of the command line, joined by commas. */
  readonly model?: string;
  /** With `latency`: what builds a work tree of the base, and what measures in it and here. */
  readonly build?: string;
  readonly run?: string;
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
  return [
    flags.latency,
    flags.latencyCommand,
    flags.against,
    flags.latencyModels,
    flags.latencyBackends,
    flags.run,
    flags.build,
  ].some((value) => value !== undefined);
}

/**
 * The two commands that the flags ask for: two commands as given, a command in two builds, two checkouts of RetinaBench, a
 * model file at two revisions, two models or two backends; the latter four run `retinabench bench`.
 *
 * @param program this program's main file.
 * @param signal ends the preparation.
 * @throws {ProtocolError} if the flags name none or more than one comparison.
 * @throws {EnvironmentError} if a base revision cannot be built.
 */
export async function chooseSides(flags: SideFlags, program: string, signal: AbortSignal): Promise<Sides> {
  const { latency, latencyCommand, against, latencyModels, latencyBackends } = flags;
  if (latency === undefined && (flags.run ?? flags.build) !== undefined) {
    throw new ProtocolError('--run and --build say what is measured in two builds; add --latency REF, the base');
  }
  if (flags.build !== undefined && flags.run === undefined) {
    throw new ProtocolError('--build COMMAND needs --run COMMAND, which prints times; docs/gates.md has an example');
  }
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

/** What the sides of `retinabench bench` are made with. */
interface BenchContext {
  /** Folder of the records that the processes write. */
  readonly records: string;
  readonly remove: () => void;
  readonly signal: AbortSignal;
}

async function benchSides(flags: SideFlags, program: string, context: BenchContext): Promise<Sides> {
  const { latency, latencyModels, latencyBackends, benchArgs, run } = flags;
  const { records, remove, signal } = context;
  const bench: Bench = (main, more) => ({
    command: `${quoteForShell(process.execPath)} ${quoteForShell(main)} bench ${benchArgs} ${more} --out-dir ${quoteForShell(records)} --json --quiet`,
  });
  if (latency !== undefined && run !== undefined) return buildSides(latency, run, flags.build, context);
  if (latency !== undefined && repositoryOf(latency) === 'another') {
    return { ...(await historySides(flags, latency, (more) => bench(program, more))), remove };
  }
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
  const [flag, [first, second]] =
    latencyModels !== undefined
      ? ['--model', twoOf('--latency-models', latencyModels)]
      : ['--backend', twoOf('--latency-backends', latencyBackends ?? '')];
  return {
    base: bench(program, `${flag} ${quoteForShell(first)}`),
    head: bench(program, `${flag} ${quoteForShell(second)}`),
    remove,
  };
}

/** `retinabench bench` of a main file, with further flags. */
type Bench = (main: string, more: string) => MeasuringCommand;

/** A command of the user in the build of a revision, and here. */
async function buildSides(
  revision: string,
  run: string,
  build: string | undefined,
  { remove, signal }: BenchContext,
): Promise<Sides> {
  refusePathsOfHere(run, build);
  const built = await prepareBuild(revision, build, signal);
  return {
    base: { command: run, cwd: built.folder },
    head: { command: run },
    remove: () => {
      remove();
      built.remove();
    },
  };
}

/** A model file of the user's repository at a revision, and as it is. */
async function historySides(
  flags: SideFlags,
  revision: string,
  bench: (more: string) => MeasuringCommand,
): Promise<Pick<Sides, 'base' | 'head'>> {
  const model = modelInHistory(flags, revision);
  const former = `git:${revision}:${model}`;
  // Said now what would be said by the first process, and in fewer words.
  const [base, head] = [await resolveModel(former), await resolveModel(model)];
  if (cardDigest(base.card) === cardDigest(head.card)) {
    printNote(`${model}: model and card are those of ${revision}: what is compared is one model with itself`);
  }
  return { base: bench(`--model ${quoteForShell(former)}`), head: bench(`--model ${quoteForShell(model)}`) };
}

/**
 * A command that names a place in this work tree by its whole path would run the head on both sides, and pass.
 *
 * @throws {ProtocolError} naming the place.
 */
function refusePathsOfHere(...commands: readonly (string | undefined)[]): void {
  let root = process.cwd();
  while (!existsSync(path.join(root, '.git')) && root !== path.dirname(root)) root = path.dirname(root);
  if (root === path.dirname(root)) return;
  for (const place of new Set([root, realpathSync(root)])) {
    if (!commands.some((command) => command?.includes(place))) continue;
    throw new ProtocolError(
      `--run and --build: expected paths relative to the working folder, got one in ${place}, whose code would be measured on both sides; leave that part out`,
    );
  }
}

/**
 * The model file whose base is taken from the history.
 *
 * @throws {ProtocolError} if none is named, several are, or it is no file of the repository.
 */
function modelInHistory({ model }: SideFlags, revision: string): string {
  const others =
    'or compare a command of yours in two builds (--run COMMAND, with --build COMMAND), or two commands (--latency-command HEAD --against BASE)';
  if (model === undefined) {
    throw new ProtocolError(
      `--latency ${revision}: this repository is not RetinaBench itself, so that the gate compares a model file of it at two revisions; name it with --model FILE.onnx (or as models of retinabench.json), ${others}`,
    );
  }
  const models = model.split(',').map((name) => name.trim());
  if (models.length !== 1) {
    throw new ProtocolError(
      `--latency ${revision}: expected one model, got ${models.length} (${models.join(', ')}); name one with --model`,
    );
  }
  if (!/\.onnx$/i.test(models[0]) || !isPlain(models[0]) || !isPlain(revision)) {
    throw new ProtocolError(
      `--latency ${revision}: expected an .onnx that is a file of this repository, got ${JSON.stringify(models[0])}, which has no history here; commit the model as a file, ${others}`,
    );
  }
  return models[0];
}

/** Whether a name can stand in quotes (`quoteForShell`) on a command line of any system. */
function isPlain(name: string): boolean {
  return /^[^\p{Cc}"%]+$/u.test(name);
}

function twoOf(flag: string, value: string): [string, string] {
  const parts = value.split(',').map((part) => part.trim());
  if (parts.length !== 2 || parts.some((part) => !isPlain(part))) {
    throw new ProtocolError(`${flag}: expected BASE,HEAD, got ${JSON.stringify(value)}`);
  }
  return [parts[0], parts[1]];
}
