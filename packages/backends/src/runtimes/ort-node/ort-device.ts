import { createRequire } from 'node:module';
import { BackendError, ModelError } from '@retinabench/core';
import { writeOnnx } from '@retinabench/models';
import type { InferenceSession } from 'onnxruntime-common';
import { assertSelfContained } from '../../backend/assert-self-contained.js';
import type { Availability, Backend, BackendId, Session, SessionOptions } from '../../backend/backend.js';
import type { DeviceBackendId, DeviceName } from '../../backend/device-name.js';
import { DeviceSession } from './device-session.js';
import { graphicsAdapter } from './graphics-adapter.js';
import { loadOnnxRuntime } from './load-onnx-runtime.js';
import { nvidiaModels } from './nvidia-gpus.js';
import { openInferenceSession } from './open-inference-session.js';

/** What to do where a device does not load. */
const remedies: Readonly<Record<Exclude<DeviceName, 'cpu'>, string>> = {
  webgpu:
    "install a Vulkan driver of this machine's GPU (Direct3D 12 and Metal come with the system), or choose --device cpu",
  cuda: 'install CUDA 12 and cuDNN 9, run ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node on Linux x64, or choose --device cpu',
  tensorrt:
    'install TensorRT 10 and CUDA 12, run ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node on Linux x64, or choose --device cpu',
  coreml: 'Core ML is in the build for macOS alone; choose --device cpu or webgpu',
  dml: 'DirectML is in the build for Windows alone; choose --device cpu or webgpu',
};

/** ONNX Runtime's native build on another device than the processor. */
export function ortDevice({ device, sharesWithCpu }: DeviceBackendId): Backend {
  const name = device as Exclude<DeviceName, 'cpu'>;
  const id: BackendId = `ort-node:${device}${sharesWithCpu ? '+cpu' : ''}`;
  return {
    id,
    // GPUs round and fuse as they like.
    tolerance: { absolute: 2e-3, relative: 1e-2, boxPx: 0.5 },

    async availability(): Promise<Availability> {
      try {
        const session = await openQuietly(name, smallestModel(), { threads: 1 });
        await session.release();
        return { available: true };
      } catch (error) {
        return { available: false, reason: `device ${name} does not load: ${oneLine(error)}`, remedy: remedies[name] };
      }
    },

    /** With the device: GPUs of other models give other numbers, and a driver that computes on the processor is none. */
    async version() {
      const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
      const on = nameOf(name);
      return on === undefined ? version : `${version} on ${on}`;
    },

    async createSession(model: Uint8Array, place: string, options: SessionOptions): Promise<Session> {
      const state = await this.availability();
      if (!state.available) throw new BackendError(`backend ${id}: ${state.reason}; ${state.remedy}`);
      assertSelfContained(model, place);
      const ort = await loadOnnxRuntime();
      try {
        return await DeviceSession.open((profile) => openQuietly(name, model, options, profile), ort.Tensor, {
          id,
          place,
          sharesWithCpu,
        });
      } catch (cause) {
        throw new ModelError(
          `${place}: ONNX Runtime cannot load the model on ${name}: ${oneLine(cause)}; check that the file is a complete .onnx, or choose --device cpu`,
          { cause },
        );
      }
    },
  };
}

/** What a device is, as far as it can be told; of several models of GPU, all. */
function nameOf(device: DeviceName): string | undefined {
  if (device === 'cuda' || device === 'tensorrt') return nvidiaModels().join(' or ') || undefined;
  const adapter = device === 'webgpu' ? graphicsAdapter() : undefined;
  if (adapter === undefined) return undefined;
  return `${adapter.name}${adapter.isSoftware ? ', a software adapter: its times say nothing of a GPU' : ''}`;
}

/** Without ONNX Runtime's own words: what does not load is told as an error. */
async function openQuietly(
  name: string,
  model: Uint8Array,
  options: SessionOptions,
  more: InferenceSession.SessionOptions = {},
): Promise<InferenceSession> {
  const ort = await loadOnnxRuntime();
  ort.env.logLevel = 'fatal';
  return openInferenceSession(name, model, options, more);
}

/** The network that tells whether a device loads: y = max(x, 0). */
function smallestModel(): Uint8Array {
  return writeOnnx({
    irVersion: 8,
    opset: 17,
    producer: 'retinabench',
    graph: {
      name: 'probe',
      nodes: [{ name: 'relu', op: 'Relu', domain: '', inputs: ['x'], outputs: ['y'], attributes: {} }],
      initialisers: [],
      inputs: [{ name: 'x', elementType: 'float', dims: [1] }],
      outputs: [{ name: 'y', elementType: 'float', dims: [1] }],
    },
    metadata: {},
  });
}

/** The part of ONNX Runtime's messages after the place in its source, on one line. */
function oneLine(error: unknown): string {
  const text = (error as Error).message.replace(/\s+/g, ' ').trim();
  return text.replace(/^\/\S+\.cc:\d+ .*? was false\. /, '');
}
