/**
 * ONNX Runtime's native build, which sends nothing: its builds for Linux and macOS report each session to their maker, from 1.29 on,
 * unless this variable is set before they are loaded. One that the user has set is left as it is.
 *
 * In a worker thread of Node the variable has to be set by the main thread: a thread's environment is a copy that native code does
 * not see.
 *
 * @throws where there is no binary for this platform.
 * Source: github.com/microsoft/onnxruntime/pull/27379, "Behavior and controls".
 */
export async function loadOnnxRuntime(): Promise<typeof import('onnxruntime-node')> {
  process.env.ORT_DISABLE_TELEMETRY ??= '1';
  return import('onnxruntime-node');
}
