import { BackendError, ModelError } from '@retinabench/core';
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
  static async load(
    runtime: LitertRuntime,
    bytes: Uint8Array,
    place: string,
    next = 'use another backend for this model',
  ): Promise<LitertNetwork> {
    runtime.takeLog();
    try {
      return new LitertNetwork(await runtime.module.loadAndCompile(bytes, { accelerator: 'wasm' }), runtime);
    } catch (cause) {
      throw new ModelError(`${place}: LiteRT cannot load the network: ${reason(cause, runtime)}; ${next}`, { cause });
    }
  }

  /**
   * Run the network once.
   *
   * @param inputs stored as the file says, in its order.
   * @returns the outputs in the file's order, copies.
   * @throws {BackendError} if the runtime fails.
   */
  async run(inputs: readonly StoredTensor[], place: string): Promise<LitertArray[]> {
    this.#runtime.takeLog();
    const fed: LitertTensor[] = [];
    try {
      for (const { data, dims } of inputs) fed.push(new this.#runtime.module.Tensor(data, dims));
      const made = await this.#model.run(fed);
      try {
        return made.map((tensor) => tensor.toTypedArray());
      } finally {
        for (const tensor of made) tensor.delete();
      }
    } catch (cause) {
      const sizes = inputs.map(({ dims }) => `[${dims.join(', ')}]`).join(', ');
      throw new BackendError(
        `${place}: litert-wasm failed on ${sizes}: ${reason(cause, this.#runtime)}; choose a smaller --scale or another backend`,
        { cause },
      );
    } finally {
      for (const tensor of fed) tensor.delete();
    }
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

/** What LiteRT wrote last says more than what it throws, which may be a bare number. */
function reason(cause: unknown, runtime: LitertRuntime): string {
  const thrown = cause instanceof Error ? cause.message : String(cause);
  const errors = runtime.takeLog().filter((line) => /error|fail/i.test(line));
  return [thrown.trim(), ...errors.slice(-2)].join(': ');
}
