import { ModelError } from '@retinabench/core';
import * as tf from '@tensorflow/tfjs-core';
import { arrayKernels } from './arrays.js';
import { elementwiseKernels } from './elementwise.js';
import { imageKernels } from './images.js';
import type { Kernel } from './kernel.js';
import { plannedType, recordedType } from './recorded-type.js';
import type { Recorded, Recorder } from './recorder.js';

/** TensorFlow.js's name of the backend that records. */
export const traceBackendName = 'tflite-recorder';

/** Kernels by TensorFlow.js's names. */
const kernels: ReadonlyMap<string, Kernel> = new Map([...arrayKernels, ...elementwiseKernels, ...imageKernels]);

/**
 * A backend of TensorFlow.js that computes nothing: each kernel that is called on it is recorded as operators of TensorFlow
 * Lite. So every operator that the TensorFlow.js backends plan is written in one way, and what the plan has settled (shapes,
 * paddings, order of axes, fused activations) holds here, too.
 */
class TraceBackend extends tf.KernelBackend {
  #recorder: Recorder | undefined;
  #recorded = new WeakMap<object, Recorded>();

  /** Record into `recorder` until the next call; undefined ends it. */
  recordInto(recorder: Recorder | undefined): void {
    this.#recorder = recorder;
    // A constant of the session is another one in each network.
    this.#recorded = new WeakMap();
  }

  get recorder(): Recorder {
    if (!this.#recorder) throw new ModelError('recording a network outside a trace');
    return this.#recorder;
  }

  /** A tensor of TensorFlow.js that stands for a recorded one. */
  tensorOf(recorded: Recorded): tf.Tensor {
    return tf.engine().makeTensorFromDataId(this.keep(recorded), [...recorded.dims], plannedType(recorded.type), this);
  }

  keep(recorded: Recorded): object {
    const dataId = {};
    this.#recorded.set(dataId, recorded);
    return dataId;
  }

  /** What a tensor stands for; one of another backend is a constant. */
  recordedOf(info: tf.TensorInfo): Recorded {
    const known = this.#recorded.get(info.dataId);
    if (known) return known.dims.length === info.shape.length ? known : { ...known, dims: info.shape };
    const values = (info as tf.Tensor).dataSync() as Float32Array | Int32Array | Uint8Array;
    const made = this.recorder.constant(values, info.shape, recordedType(info.dtype));
    this.#recorded.set(info.dataId, made);
    return made;
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    const type = recordedType(dtype);
    const numbers = values as ArrayLike<number>;
    const data =
      type === 'float32'
        ? Float32Array.from(numbers)
        : type === 'bool'
          ? Uint8Array.from(numbers)
          : Int32Array.from(numbers);
    return this.keep(this.recorder.constant(data, shape, type));
  }

  override disposeData(): boolean {
    return true;
  }

  override incRef(): void {}

  override refCount(): number {
    return 1;
  }

  override numDataIds(): number {
    return 0;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }
}

let backend: TraceBackend | undefined;

/** The backend that records, registered with TensorFlow.js when first asked for. */
export function traceBackend(): TraceBackend {
  if (backend) return backend;
  const made = new TraceBackend();
  backend = made;
  tf.registerBackend(traceBackendName, () => made, 0);
  for (const [kernelName, kernel] of kernels) {
    tf.registerKernel({
      kernelName,
      backendName: traceBackendName,
      kernelFunc: ({ inputs, attrs }) => runKernel(made, kernelName, kernel, inputs, attrs ?? {}),
    });
  }
  return made;
}

function runKernel(
  owner: TraceBackend,
  kernelName: string,
  kernel: Kernel,
  inputs: tf.NamedTensorInfoMap,
  attributes: object,
): tf.TensorInfo {
  const recorded = kernel({
    record: owner.recorder,
    input: (name) => {
      const info = inputs[name];
      if (!info) throw new ModelError(`kernel ${kernelName} without its input ${name}`);
      return owner.recordedOf(info);
    },
    has: (name) => inputs[name] !== undefined,
    get inputs() {
      return Object.values(inputs).flatMap((info) => (info ? [owner.recordedOf(info)] : []));
    },
    attributes: attributes as Readonly<Record<string, unknown>>,
  });
  return { dataId: owner.keep(recorded), shape: [...recorded.dims], dtype: plannedType(recorded.type) };
}

/** Whether an error of TensorFlow.js says that the recording backend lacks a kernel; if so, its name. */
export function missingKernel(message: string): string | undefined {
  return /Kernel '(\w+)' not registered for backend|registered kernel '(\w+)'/.exec(message)?.slice(1).find(Boolean);
}
