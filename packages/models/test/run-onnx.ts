/** Run an .onnx file once on ONNX Runtime, which is independent of the graph writer. */
export async function runOnnx(
  onnx: Uint8Array,
  input: { readonly dims: readonly number[]; readonly data: Float32Array },
): Promise<Record<string, { dims: readonly number[]; data: Float32Array }>> {
  // Set before it is loaded: it reports to its maker otherwise.
  process.env.ORT_DISABLE_TELEMETRY ??= '1';
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
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
