import { type TfliteModel, writeTflite } from '@retinabench/models';
import type { LitertArray } from './litert-module.js';
import { LitertNetwork, type LitertRuntime } from './litert-runtime.js';
import { hasRelaxedSimd } from './relaxed-simd.js';
import { findConvolutions, type WinogradNode } from './winograd/find-convolutions.js';
import { type NetworkPart, partTensorName, splitNetwork } from './winograd/split-network.js';
import { WinogradKernels } from './winograd/winograd-kernels.js';

/** Most memory of the convolutions that are taken out of a network; beyond, LiteRT computes it whole. */
const mostKernelBytes = 2 ** 29;

/** A stage, loaded. */
interface LoadedStage {
  readonly part?: {
    readonly network: LitertNetwork;
    readonly inputs: readonly number[];
    readonly outputs: readonly number[];
  };
  /** Those of one image together. */
  readonly convolutions: readonly (readonly WinogradNode[])[];
}

/**
 * A network on LiteRT of which the 3 x 3 convolutions are computed by Winograd's algorithm, which takes 4 times fewer
 * multiplications; where there are none, or WebAssembly has no relaxed SIMD, LiteRT computes it whole, and so it does where what
 * a convolution is given is too uneven for the algorithm.
 */
export class StagedNetwork {
  readonly #model: TfliteModel;
  readonly #runtime: LitertRuntime;
  readonly #stages: readonly LoadedStage[];
  readonly #kernels: WinogradKernels | undefined;

  /** Without Winograd, from the first time on that it was needed. */
  #whole: StagedNetwork | undefined;

  private constructor(
    model: TfliteModel,
    runtime: LitertRuntime,
    stages: readonly LoadedStage[],
    kernels: WinogradKernels | undefined,
  ) {
    this.#model = model;
    this.#runtime = runtime;
    this.#stages = stages;
    this.#kernels = kernels;
  }

  /**
   * Load a network.
   *
   * @param place the file's name, for messages.
   * @param useWinograd false: LiteRT computes all.
   * @throws {ModelError} if LiteRT cannot load it.
   */
  static async load(
    runtime: LitertRuntime,
    model: TfliteModel,
    place: string,
    useWinograd = true,
  ): Promise<StagedNetwork> {
    const found = useWinograd && hasRelaxedSimd() ? findConvolutions(model) : [];
    const convolutions = WinogradKernels.bytesOf(model, found) <= mostKernelBytes ? found : [];
    const stages: LoadedStage[] = [];
    try {
      for (const { part, convolutions: chosen } of splitNetwork(model, convolutions)) {
        stages.push({
          ...(part === undefined ? {} : { part: await loadPart(runtime, part, place) }),
          convolutions: byImage(chosen),
        });
      }
    } catch (error) {
      for (const { part } of stages) part?.network.dispose();
      throw error;
    }
    return new StagedNetwork(
      model,
      runtime,
      stages,
      convolutions.length === 0 ? undefined : new WinogradKernels(model, convolutions),
    );
  }

  /** How many convolutions Winograd's algorithm computes. */
  get convolutions(): number {
    return this.#stages.reduce((sum, { convolutions }) => sum + convolutions.flat().length, 0);
  }

  /**
   * Run the network once.
   *
   * @param inputs elements in the order of the network's inputs.
   * @returns those of its outputs, valid until the next run.
   * @throws {BackendError} if the runtime fails.
   */
  async run(inputs: readonly LitertArray[], place: string): Promise<LitertArray[]> {
    const { tensors } = this.#model;
    const values = new Map<number, LitertArray>(this.#model.inputs.map((index, at) => [index, inputs[at]]));
    for (const { part, convolutions } of this.#stages) {
      if (part !== undefined) {
        const fed = part.inputs.map((index) => ({ data: values.get(index) as LitertArray, dims: tensors[index].dims }));
        const made = await part.network.run(fed, place);
        part.outputs.forEach((index, at) => {
          values.set(index, made[at]);
        });
      }
      for (const group of convolutions) {
        const image = values.get(group[0].input) as Float32Array;
        const made = (this.#kernels as WinogradKernels).run(group, image);
        if (made === undefined) return this.#runWhole(inputs, place);
        group.forEach((node, at) => {
          values.set(node.output, made[at]);
        });
      }
    }
    return this.#model.outputs.map((index) => values.get(index) as LitertArray);
  }

  async #runWhole(inputs: readonly LitertArray[], place: string): Promise<LitertArray[]> {
    this.#whole ??= await loadWhole(this.#runtime, this.#model, place);
    return this.#whole.run(inputs, place);
  }

  dispose(): void {
    this.#whole?.dispose();
    for (const { part } of this.#stages) part?.network.dispose();
  }
}

function loadWhole(runtime: LitertRuntime, model: TfliteModel, place: string): Promise<StagedNetwork> {
  return StagedNetwork.load(runtime, model, place, false);
}

/** The runtime has its own order of inputs and outputs. */
async function loadPart(
  runtime: LitertRuntime,
  { model, inputs, outputs }: NetworkPart,
  place: string,
): Promise<NonNullable<LoadedStage['part']>> {
  const network = await LitertNetwork.load(runtime, writeTflite(model), place);
  const { names } = network;
  const ordered = (list: readonly number[], order: readonly string[]): number[] =>
    order.map((name) => list.find((index) => partTensorName(index) === name) as number);
  return { network, inputs: ordered(inputs, names.inputs), outputs: ordered(outputs, names.outputs) };
}

function byImage(convolutions: readonly WinogradNode[]): WinogradNode[][] {
  const groups = new Map<number, WinogradNode[]>();
  for (const one of convolutions) groups.set(one.input, [...(groups.get(one.input) ?? []), one]);
  return [...groups.values()];
}
