import { InferenceSession, Tensor } from 'onnxruntime-node';

/** Run an .onnx file once on ONNX Runtime, which is independent of the graph writer. */
export async function runOnnx(
  onnx: Uint8Array,
  input: { readonly dims: readonly number[]; readonly data: Float32Array },
): Promise<Record<string, { dims: readonly number[]; data: Float32Array }>> {
  const session = await InferenceSession.create(onnx, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const [name] = session.inputNames as [string];
  const outputs = await session.run({ [name]: new Tensor('float32', input.data, input.dims) });
  const results = Object.fromEntries(
    Object.entries(outputs).map(([key, tensor]) => [
      key,
      { dims: tensor.dims, data: Float32Array.from(tensor.data as Float32Array) },
    ]),
  );
  await session.release();
  return results;
}
