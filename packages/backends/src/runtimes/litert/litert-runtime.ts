import { BackendError, ModelError } from '@retinabench/core';
import type { Turns } from '../../backend/turns.js';
import type { LitertArray, LitertModel, LitertModule, LitertTensor } from './litert-module.js';

/** Elements and dimensions of a tensor as LiteRT stores it. */
export interface StoredTensor {
  readonly data: LitertArray;
  readonly dims: readonly number[];
}

/** LiteRT, started; and the last lines that it wrote, which say why it failed. */
export interface LitertRuntime {
  readonly module: LitertModule;
  /** Lines since the last call. */
  takeLog(): string[];
  /** All networks write into one log: what it says of a run is that run's. */
  readonly turns: Turns;
}

/** A network that LiteRT has loaded. */
export class LitertNetwork {
  readonly #model: LitertModel;
  readonly #runtime: LitertRuntime;

  private constructor(model: LitertModel, runtime: LitertRuntime) {
    this.#model = model;
    this.#runtime = runtime;
  }

  /**
   * Load a network.
   *
   * @param bytes a .tflite file.
   * @param place the file's name, for messages.
   * @param next what to do where it does not load.
   * @throws {ModelError} if LiteRT cannot load it.
   */
  static load(
    runtime: LitertRuntime,
    bytes: Uint8Array,
    place: string,
    next = 'use another backend for this model, or a smaller --scale',
  ): Promise<LitertNetwork> {
    return runtime.turns.take(async () => {
      try {
        return new LitertNetwork(
          await watched(
            runtime,
            () => runtime.module.loadAndCompile(bytes, { accelerator: 'wasm' }),
            (model) => model.delete(),
          ),
          runtime,
        );
      } catch (cause) {
        throw new ModelError(`${place}: LiteRT cannot load the network: ${(cause as Error).message}; ${next}`, {
          cause,
        });
      }
    });
  }

  /**
   * Run the network once.
   *
   * @param inputs stored as the file says, in its order.
   * @returns the outputs in the file's order, copies.
   * @throws {BackendError} if the runtime fails.
   */
  run(inputs: readonly StoredTensor[], place: string): Promise<LitertArray[]> {
    return this.#runtime.turns.take(async () => {
      const fed: LitertTensor[] = [];
      try {
        const made = await watched(
          this.#runtime,
          () => {
            for (const { data, dims } of inputs) fed.push(new this.#runtime.module.Tensor(data, dims));
            return this.#model.run(fed);
          },
          disposeAll,
        );
        try {
          return made.map((tensor) => tensor.toTypedArray());
        } finally {
          disposeAll(made);
        }
      } catch (cause) {
        const sizes = inputs.map(({ dims }) => `[${dims.join(', ')}]`).join(', ');
        throw new BackendError(
          `${place}: litert-wasm failed on ${sizes}: ${(cause as Error).message}; choose a smaller --scale or another backend`,
          { cause },
        );
      } finally {
        disposeAll(fed);
      }
    });
  }

  /** Names of inputs and outputs, in the order in which they are fed and come. */
  get names(): { readonly inputs: readonly string[]; readonly outputs: readonly string[] } {
    return {
      inputs: this.#model.getInputDetails().map(({ name }) => name),
      outputs: this.#model.getOutputDetails().map(({ name }) => name),
    };
  }

  dispose(): void {
    this.#model.delete();
  }
}

/**
 * What LiteRT does, unless it says that it failed. It may say so in its log alone: where its memory did not suffice it gave outputs of
 * zeros, or what that memory held before.
 *
 * @throws {Error} with what was thrown and the last errors of the log.
 */
async function watched<T>(runtime: LitertRuntime, work: () => Promise<T>, drop: (done: T) => void): Promise<T> {
  runtime.takeLog();
  let done: T;
  try {
    done = await work();
  } catch (cause) {
    // It may be a bare number.
    const thrown = cause instanceof Error ? cause.message : String(cause);
    const said = runtime.takeLog().filter((line) => /error|fail/i.test(line));
    throw new Error([thrown.trim(), ...said.slice(-2)].join(': '), { cause });
  }
  const errors = runtime.takeLog().filter((line) => line.startsWith('ERROR'));
  if (errors.length === 0) return done;
  drop(done);
  throw new Error(errors.slice(-2).join(': '));
}

function disposeAll(held: readonly { delete(): void }[]): void {
  for (const one of held) one.delete();
}
