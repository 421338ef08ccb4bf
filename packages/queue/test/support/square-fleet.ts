import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TaskFailure } from '@retinabench/backends/workers';
import { DatasetError } from '@retinabench/core';
import { type Fleet, type FleetOptions, openFleet } from '../../src/coordinator/fleet.js';
import type { FleetCodec } from '../../src/coordinator/fleet-codec.js';
import type { Engine } from '../../src/engine/engine.js';

/** A file with a number in it. */
export interface NumberFile {
  readonly name: string;
  readonly file: string;
}

/** Write files `0`, `1` ... below a folder, each with its own number, or what `contents` says. */
export function writeNumbers(
  folder: string,
  count: number,
  contents: Readonly<Record<number, string>> = {},
): NumberFile[] {
  mkdirSync(folder, { recursive: true });
  return Array.from({ length: count }, (_, index) => {
    const name = `n${String(index).padStart(4, '0')}`;
    const file = path.join(folder, name);
    writeFileSync(file, contents[index] ?? String(index));
    return { name, file };
  });
}

/** Squares by name, as a fleet gives them. */
export const squareCodec: FleetCodec<NumberFile, { readonly name: string; readonly square: number }> = {
  imagesOf: ({ name, file }) => [{ name, file }],
  resultOf: ({ name }, [{ answer }]) => {
    const { square } = (answer ?? {}) as { readonly square?: unknown };
    if (typeof square !== 'number') throw new DatasetError(`${name}: expected a square, got ${JSON.stringify(answer)}`);
    return { name, square };
  },
  read: async (file) => ({ sha256: createHash('sha256').update(readFileSync(file)).digest('hex') }),
};

/** A worker in a process of its own. */
export function spawnWorker(
  url: string,
  name: string,
  options: object,
  env: NodeJS.ProcessEnv = {},
): ChildProcess & { said(): string } {
  const child = spawn(
    process.execPath,
    [path.join(import.meta.dirname, 'worker-main.mjs'), url, name, JSON.stringify(options)],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } },
  );
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return Object.assign(child, { said: () => said });
}

/** What a fleet gave. */
export interface Squares {
  readonly squares: Map<string, number>;
  readonly failures: Map<string, TaskFailure>;
  readonly notes: string[];
  /** Images given out more than once. */
  readonly repeated: number;
  /** Names in the order in which they came, also twice if they did. */
  readonly arrived: string[];
}

/** How a fleet is opened here: 2 s of lock, unless the test says otherwise. */
export interface SquareOptions {
  readonly engine: Engine;
  readonly files: readonly NumberFile[];
  readonly root?: string;
  readonly run?: string;
  readonly more?: Partial<FleetOptions>;
  readonly lockMs?: number;
  readonly allow?: readonly string[];
  readonly source?: { readonly url: string; readonly token: string } | undefined;
  readonly signal?: AbortSignal;
  onFleet?(fleet: Fleet): void;
  onSquare?(name: string): void;
  onNote?(text: string): void;
}

/** Square all numbers on a fleet. */
export async function squareOnFleet(options: SquareOptions): Promise<Squares> {
  const { engine, files, root, run = '0123456789ab', lockMs = 2000, allow = [], source, signal, onSquare } = options;
  const notes: string[] = [];
  const fleet = await openFleet({
    engine,
    setup: {
      run,
      kind: 'square',
      title: 'squares',
      conditions: {
        code: { version: '1', sha256: 'a'.repeat(64) },
        backend: { id: 'cpu', version: '1' },
        runtimes: {},
        cpu: 'x64 test',
      },
      allow,
      lockMs,
      models: [],
      details: {},
      ...(source === undefined ? {} : { source }),
    },
    ...(root === undefined ? {} : { root }),
    onNote: (text) => {
      notes.push(text);
      options.onNote?.(text);
    },
    onProgress: () => undefined,
    ...(signal === undefined ? {} : { signal }),
    ...options.more,
  });
  options.onFleet?.(fleet);
  const squares = new Map<string, number>();
  const failures = new Map<string, TaskFailure>();
  const arrived: string[] = [];
  let isFinished = false;
  try {
    await fleet.pool(squareCodec)({
      module: new URL('file:///nothing'),
      workers: 1,
      init: {},
      tasks: files,
      onResult: (_, { name, square }) => {
        arrived.push(name);
        squares.set(name, square);
        onSquare?.(name);
      },
      onFailure: (index, failure) => failures.set(files[index].name, failure),
      ...(signal === undefined ? {} : { signal }),
    });
    isFinished = true;
    return { squares, failures, notes, repeated: fleet.progress.repeated, arrived };
  } finally {
    await fleet.close(isFinished);
  }
}

/** The squares that one process gives: of every number but those in `without`. */
export function expectedSquares(count: number, without: readonly number[] = []): Map<string, number> {
  const indices = Array.from({ length: count }, (_, index) => index).filter((index) => !without.includes(index));
  return new Map(indices.map((index) => [`n${String(index).padStart(4, '0')}`, index ** 2]));
}
