/** The part of @litertjs/core that is used; it is an optional peer, so its own types may be absent. */
export interface LitertModule {
  loadLiteRt(wasmPath: string): Promise<unknown>;
  loadAndCompile(model: Uint8Array, options: { readonly accelerator: 'wasm' }): Promise<LitertModel>;
  readonly Tensor: new (data: LitertArray, shape: readonly number[]) => LitertTensor;
}

/** What tensors of LiteRT are made of. */
export type LitertArray = Float32Array | Int32Array | Uint8Array;

/** A tensor in LiteRT's memory; freed by hand. */
export interface LitertTensor {
  toTypedArray(): LitertArray;
  delete(): void;
}

/** What LiteRT tells of an input or output. */
export interface LitertTensorDetails {
  readonly name: string;
  readonly dtype: string;
  readonly shape: Int32Array;
}

/** A loaded network. */
export interface LitertModel {
  run(inputs: readonly LitertTensor[]): Promise<readonly LitertTensor[]>;
  getInputDetails(): readonly LitertTensorDetails[];
  getOutputDetails(): readonly LitertTensorDetails[];
  delete(): void;
}
